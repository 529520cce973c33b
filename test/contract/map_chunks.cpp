// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// map in chunks: an exception spoils its own element, a stop ends the chunk.

#define BOOST_CHRONO_HEADER_ONLY  // for sleep_for

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <cofu/map.hpp>

#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <chrono>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

int fail_at_fifty(int x)
{
    return x == 50 ? throw std::runtime_error("fifty") : x;
}

// A chunk as map submits it.
template <class R, class F, class A>
auto chunk_of(F f, std::vector<A> inputs)
{
    std::vector<std::tuple<A>> rows(inputs.begin(), inputs.end());
    return cofu::detail::map_call<R, F, A>(std::move(f), std::move(rows), nullptr);
}

template <class R>
std::string text(cofu::detail::map_chunk<R> const& chunk)
{
    std::string all;
    for (auto const& o : chunk.outcomes) {
        all += all.empty() ? "" : " ";
        if (o.index() == 0) {
            all += std::to_string(std::get<0>(o));
            continue;
        }
        try {
            std::rethrow_exception(std::get<1>(o));
        } catch (cofu::cancelled_error const&) {
            all += "cancelled";
        } catch (std::exception const& e) {
            all += e.what();
        }
    }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_a_chunk_is_one_queue_entry, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);

    auto results = pool.map(cofu::map_options{.chunksize = 4}, fail_at_fifty,
                            std::views::iota(0, 10));

    BOOST_TEST(pool.stats().queued == 3u);
    gate.open();
    int expected = 0;
    for (auto&& r : results)
        BOOST_TEST(r == expected++);
    BOOST_TEST(expected == 10);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_an_exception_spoils_only_its_own_element, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    for (std::size_t const chunk : {0, 1, 7, 100, 1000})
        for (auto const order : {cofu::map_order::input, cofu::map_order::completion}) {
            auto results = pool.map(cofu::map_options{.chunksize = chunk, .order = order},
                                    fail_at_fifty, std::views::iota(0, 100));

            int sum = 0;
            int failed = 0;
            for (auto i = results.begin(); i != results.end(); ++i) {
                try {
                    sum += *i;
                } catch (std::runtime_error const&) {
                    ++failed;
                }
            }

            BOOST_TEST(sum == 4950 - 50);
            BOOST_TEST(failed == 1);
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_a_stop_cancels_the_rest_of_a_chunk, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const handle = gate.get_handle();
    auto const f = [handle](std::stop_token token, int i) {
        if (i == 1) {
            handle.arrive();
            poll_until([&] { return token.stop_requested(); });
        }
        return 10 * i;
    };
    auto running = pool.submit(chunk_of<int>(f, std::vector{0, 1, 2, 3}));
    gate.wait_for_arrivals(1);

    running.request_stop();

    BOOST_TEST(text<int>(running.result()) == "0 10 cancelled cancelled");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_a_stop_interrupts_the_current_element, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const handle = gate.get_handle();
    auto const f = [handle](int i) {
        if (i == 1) {
            handle.arrive();
            boost::this_thread::sleep_for(boost::chrono::hours(1));
        }
        return 10 * i;
    };
    auto running = pool.submit(chunk_of<int>(f, std::vector{0, 1, 2}));
    gate.wait_for_arrivals(1);

    running.request_stop();

    BOOST_TEST(text<int>(running.result()) == "0 cancelled cancelled");
    BOOST_TEST(pool.submit([] { return boost::this_thread::interruption_requested(); }).result()
               == false);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_dropping_cancels_whole_chunks, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    {
        auto results = pool.map(cofu::map_options{.chunksize = 4}, fail_at_fifty,
                                std::views::iota(0, 10));
    }

    gate.open();
    pool.shutdown();
    BOOST_TEST(pool.stats().cancelled == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_zero_makes_fewer_entries_of_cheap_calls, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto results = pool.map(cofu::map_options{.chunksize = 0, .buffersize = 4000}, fail_at_fifty,
                            std::views::iota(100, 20'100));

    int expected = 100;
    bool in_order = true;
    for (auto&& r : results)
        in_order = r == expected++ && in_order;
    pool.shutdown();

    BOOST_TEST(in_order);
    BOOST_TEST(expected == 20'100);
    BOOST_TEST(pool.stats().submitted < 15'000u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_move_only_inputs_go_in_chunks, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto made = std::views::iota(0, 10)
                | std::views::transform([](int i) { return std::make_unique<int>(i); });

    auto results = pool.map(cofu::map_options{.chunksize = 3},
                            [](std::unique_ptr<int> p) { return p; }, made);

    int expected = 0;
    for (auto&& r : results)
        BOOST_TEST(*r == expected++);
    BOOST_TEST(expected == 10);
}
