// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// map: what it submits, what it gives, in which order.

#include "contract/pool_kinds.hpp"
#include "support/counted.hpp"

#include <cofu/map.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include <cmath>
#include <limits>
#include <list>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

int twice(int x)
{
    return 2 * x;
}

int fail_at_fifty(int x)
{
    return x == 50 ? throw std::runtime_error("fifty") : x;
}

template <class Results>
auto drain(Results& results)
{
    std::vector<typename Results::value_type> given;
    for (auto&& r : results)
        given.push_back(std::move(r));
    return given;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_submits_at_the_call_in_order, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);

    auto results = pool.map(twice, std::views::iota(0, 10));

    BOOST_TEST(pool.stats().queued == 10u);
    gate.open();
    BOOST_TEST((drain(results) == std::vector{0, 2, 4, 6, 8, 10, 12, 14, 16, 18}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_the_shortest_range_ends_it, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector const bases{2, 3, 4};
    std::list const exponents{1, 2, 3, 4};

    auto results = pool.map([](int b, int e, int add) { return int(std::pow(b, e)) + add; }, bases,
                            exponents, std::views::iota(100));

    BOOST_TEST((drain(results) == std::vector{102, 110, 166}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_an_empty_range_gives_nothing, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto results = pool.map(twice, std::vector<int>());

    BOOST_TEST((results.begin() == results.end()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_a_buffer_bounds_what_is_ahead, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    int read = 0;
    auto inputs = std::views::iota(0) | std::views::transform([&](int i) {
                      ++read;
                      return i;
                  });

    auto results = pool.map(cofu::map_options{.buffersize = 3}, twice, inputs);
    int const read_at_the_call = read;
    std::vector<int> given;
    int most_ahead = 0;
    for (auto&& r : results) {
        given.push_back(r);
        most_ahead = std::max(most_ahead, read - static_cast<int>(given.size()) + 1);
        if (given.size() == 10)
            break;
    }

    BOOST_TEST(read_at_the_call == 3);
    BOOST_TEST(most_ahead <= 3);
    BOOST_TEST((given == std::vector{0, 2, 4, 6, 8, 10, 12, 14, 16, 18}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_a_buffer_bounds_chunks_too, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    for (std::size_t const chunk : {0, 1, 2, 3, 5, 100}) {
        std::size_t read = 0;
        auto inputs = std::views::iota(0) | std::views::transform([&](int i) {
                          ++read;
                          return i;
                      });
        auto results =
            pool.map(cofu::map_options{.chunksize = chunk, .buffersize = 4}, twice, inputs);

        std::size_t given = 0;
        bool within = read <= 4;
        bool right = true;
        for (auto i = results.begin(); given < 50; ++i, ++given) {
            right = right && *i == static_cast<int>(2 * given);
            within = within && read <= given + 4;
        }

        BOOST_TEST((within && right), "chunksize " << chunk);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_an_input_is_read_when_it_is_needed, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::istringstream words("1 2 three");
    auto results = pool.map(cofu::map_options{.buffersize = 1}, twice,
                            std::views::istream<int>(words));

    auto i = results.begin();
    BOOST_TEST(*i == 2);
    bool const second_is_unread = words.tellg() < 3;
    ++i;
    BOOST_TEST(*i == 4);
    ++i;

    BOOST_TEST(second_is_unread);
    BOOST_TEST((i == results.end()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_lvalues_are_referred_to_and_rvalues_kept, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::vector<int> lvalue{1, 2, 3};

    auto of_lvalue = pool.map(cofu::map_options{.buffersize = 1}, twice, lvalue);
    auto of_rvalue = pool.map(cofu::map_options{.buffersize = 1}, twice, std::vector{1, 2, 3});
    lvalue[2] = 10;

    BOOST_TEST((drain(of_lvalue) == std::vector{2, 4, 20}));
    BOOST_TEST((drain(of_rvalue) == std::vector{2, 4, 6}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_a_throwing_input_leaves_the_call, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);

    BOOST_CHECK_THROW(
        pool.map(twice, std::views::iota(0, 100) | std::views::transform(fail_at_fifty)),
        std::runtime_error);

    gate.open();
    pool.shutdown();
    BOOST_TEST(pool.stats().cancelled == 50u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_a_throwing_input_is_left_out_and_the_iteration_goes_on, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    for (std::size_t const chunk : {1, 3, 7}) {
        auto results =
            pool.map(cofu::map_options{.chunksize = chunk, .buffersize = 7}, twice,
                     std::views::iota(0, 100) | std::views::transform(fail_at_fifty));

        std::vector<int> given;
        int thrown = 0;
        auto i = results.begin();
        while (i != results.end()) {
            given.push_back(*i);
            for (bool advanced = false; !advanced;) {
                try {
                    ++i;
                    advanced = true;
                } catch (std::runtime_error const&) {
                    ++thrown;
                }
            }
        }

        BOOST_TEST(thrown == 1);
        BOOST_TEST(given.size() == 99u);
        BOOST_TEST(given.at(49) == 98);
        BOOST_TEST(given.at(50) == 102);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_a_pool_with_a_small_queue_takes_any_input, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::bounded(1, 2));

    auto results = pool.map(twice, std::views::iota(0, 100));
    auto const given = drain(results);

    BOOST_TEST(given.size() == 100u);
    BOOST_TEST(given.back() == 198);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_map_on_a_queue_full_of_others_throws, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::bounded(1, 1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto const queued = pool.submit(twice, 1);

    BOOST_CHECK_THROW(pool.map(twice, std::views::iota(0, 3)), cofu::queue_full_error);
    BOOST_TEST(!queued.done());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_a_pool_that_was_shut_down_refuses, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    pool.shutdown();

    BOOST_CHECK_THROW(pool.map(twice, std::views::iota(0, 3)), cofu::shut_down_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_02_results_in_input_order, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    auto results = pool.map(
        [](typename Kind::gate::handle g, int i) {
            if (i == 0)
                g.wait();
            else
                g.open();
            return i;
        },
        std::vector{gate.get_handle(), gate.get_handle()}, std::views::iota(0));

    BOOST_TEST((drain(results) == std::vector{0, 1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_02_results_in_order_of_completion, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    auto results = pool.map(
        cofu::map_options{.order = cofu::map_order::completion},
        [](typename Kind::gate::handle g, int i) {
            if (i == 0)
                g.wait();
            return i;
        },
        std::vector(10, gate.get_handle()), std::views::iota(0));

    std::vector<int> given;
    for (auto&& r : results) {
        given.push_back(r);
        if (given.size() == 9)
            gate.open();
    }

    // A process may have been sent one of them behind the first, before another took it over.
    BOOST_REQUIRE(given.size() == 10u);
    BOOST_TEST(given.back() == 0);
    std::ranges::sort(given);
    BOOST_TEST((given == std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_02_expiry_cancels_the_rest_and_ends_it, Kind, pool_kinds)
{
    for (auto const order : {cofu::map_order::input, cofu::map_order::completion}) {
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        auto const busy = occupy<Kind>(pool, gate);
        auto results = pool.map(cofu::map_options{.timeout = 1ms, .order = order}, twice,
                                std::views::iota(0, 10));

        BOOST_CHECK_THROW(results.begin(), cofu::timeout_error);
        bool const is_over = results.begin() == results.end();

        BOOST_TEST(is_over);
        BOOST_TEST(pool.stats().queued == 0u);
        BOOST_TEST(pool.stats().cancelled == 10u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_02_any_timeout_is_taken, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);

    for (std::chrono::steady_clock::duration const t :
         {std::chrono::steady_clock::duration(0s), std::chrono::steady_clock::duration(-1h)}) {
        auto results = pool.map(cofu::map_options{.timeout = t}, twice, std::views::iota(0, 3));
        BOOST_CHECK_THROW(results.begin(), cofu::timeout_error);
    }
    gate.open();
    auto results = pool.map(cofu::map_options{.timeout = std::chrono::nanoseconds::max()}, twice,
                            std::views::iota(0, 3));
    BOOST_TEST(drain(results).size() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_an_exception_is_thrown_at_its_place, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    auto results = pool.map(fail_at_fifty, std::views::iota(0, 100));

    std::vector<int> given, failed;
    int place = 0;
    for (auto i = results.begin(); i != results.end(); ++i, ++place) {
        try {
            given.push_back(*i);
        } catch (std::runtime_error const&) {
            failed.push_back(place);
        }
    }

    BOOST_TEST(given.size() == 99u);
    BOOST_TEST((failed == std::vector{50}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_dropping_the_results_cancels_the_rest, Kind, pool_kinds)
{
    for (auto const order : {cofu::map_order::input, cofu::map_order::completion}) {
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        auto const busy = occupy<Kind>(pool, gate);
        {
            auto results =
                pool.map(cofu::map_options{.order = order}, twice, std::views::iota(0, 10));
        }

        BOOST_TEST(pool.stats().queued == 0u);
        gate.open();
        pool.shutdown();
        BOOST_TEST(pool.stats().cancelled == 10u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_closing_the_results_cancels_the_rest, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto results = pool.map(
        [](typename Kind::gate::handle g, int x) {
            if (x == 1)
                g.arrive_and_wait();
            return x;
        },
        std::vector(5, gate.get_handle()), std::views::iota(0));
    auto i = results.begin();
    int const first = *i;
    gate.wait_for_arrivals(1);

    results.close();

    BOOST_TEST(first == 0);
    BOOST_TEST((i == results.end()));
    gate.open();
    pool.shutdown();
    BOOST_TEST(pool.stats().cancelled == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_a_cancelling_shutdown_is_an_exception_at_its_place, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto results =
        pool.map(cofu::map_options{.chunksize = 2}, [](int i) { return std::to_string(i); },
                 std::views::iota(0, 5));

    pool.shutdown({.wait = false, .cancel_futures = true});
    int cancelled = 0;
    for (auto i = results.begin(); i != results.end(); ++i)
        try {
            *i;
        } catch (cofu::cancelled_error const&) {
            ++cancelled;
        }

    BOOST_TEST(cancelled == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_nothing_is_left_of_results_dropped_in_any_state, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    for (std::size_t taken = 0; taken <= 5; ++taken)
        for (std::size_t const buffer : {std::size_t{2}, cofu::unlimited})
            for (auto const order : {cofu::map_order::input, cofu::map_order::completion}) {
                auto results = pool.map(cofu::map_options{.buffersize = buffer, .order = order},
                                        twice, std::views::iota(0, 5));
                std::size_t n = 0;
                if (taken != 0)
                    for (auto i = results.begin(); i != results.end() && ++n < taken;)
                        ++i;
            }
    BOOST_TEST(pool.submit(twice, 1).result() == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_void_gives_monostate, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto results = pool.map([](int) {}, std::views::iota(0, 3));

    BOOST_TEST((drain(results) == std::vector<std::monostate>(3)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_results_may_be_move_only_or_references, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::vector<int> targets{1, 2, 3};

    auto owners = pool.map([](int i) { return std::make_unique<int>(i); }, std::views::iota(0, 3));
    auto references = pool.map([](int* p) -> int& { return *p; },
                               targets | std::views::transform([](int& i) { return &i; }));
    auto const given = drain(owners);
    for (auto&& r : references)
        ++r.get();

    BOOST_TEST(*given.at(2) == 2);
    BOOST_TEST((targets == std::vector{2, 3, 4}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_inputs_may_be_move_only_and_results_not_default_constructible,
                              Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto made = std::views::iota(0, 3)
                | std::views::transform([](int i) { return std::make_unique<int>(i); });

    auto results = pool.map([](std::unique_ptr<int> p) { return no_default(*p); }, made);

    std::vector<int> given;
    for (auto&& r : results)
        given.push_back(r.value);
    BOOST_TEST((given == std::vector{0, 1, 2}));
}

// The seed: squares of 2..5 with three workers, read after the pool's scope has ended.
BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_01_results_may_be_read_when_the_pool_is_gone, Kind, pool_kinds)
{
    auto const squares = [] {
        typename Kind::pool pool(Kind::workers(3));
        return pool.map([](int x) { return x * x; }, std::views::iota(2, 6));
    };

    auto results = squares();

    BOOST_TEST((drain(results) == std::vector{4, 9, 16, 25}));
}
