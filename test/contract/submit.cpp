// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What submit and try_submit take and give.

#include "contract/pool_kinds.hpp"
#include "support/counted.hpp"

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

using namespace cofu::test;

namespace {

int twice(int x)
{
    return 2 * x;
}

struct adder {
    int base;
    int add(int x) const { return base + x; }
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_01_zero_chooses_the_number_of_workers, Kind, pool_kinds)
{
    typename Kind::pool pool(0);

    auto const f = pool.submit(twice, 21);

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_01_the_largest_number_of_workers_is_taken, Kind, pool_kinds)
{
    BOOST_CHECK_NO_THROW(typename Kind::pool(65'536));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_01_too_many_workers_are_refused, Kind, pool_kinds)
{
    BOOST_CHECK_THROW(typename Kind::pool(65'537), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_01_a_negative_number_is_refused, Kind, pool_kinds)
{
    auto const converted = static_cast<std::size_t>(-1);

    BOOST_CHECK_THROW(typename Kind::pool{converted}, std::invalid_argument);
    BOOST_CHECK_THROW(typename Kind::pool(Kind::workers(converted)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_a_call_gives_its_value, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));

    auto const f = pool.submit([](int a, int b) { return a + b; }, 40, 2);

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_a_call_gives_its_exception, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));

    auto const f = pool.submit([](int) -> int { throw std::out_of_range("no such thing"); }, 1);

    BOOST_CHECK_THROW(f.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_many_calls_all_end, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    std::vector<cofu::future<int>> futures;

    for (int i = 0; i < 1000; ++i)
        futures.push_back(pool.submit(twice, i));

    int sum = 0;
    for (auto const& f : futures)
        sum += f.result();
    BOOST_TEST(sum == 999'000);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_submit_with_options_and_try_submit_give_futures, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const a = pool.submit(cofu::task_options{.name = "twice"}, twice, 1);
    auto const b = pool.try_submit(twice, 2);
    auto const c = pool.try_submit(cofu::task_options{.name = "twice"}, twice, 3);

    BOOST_TEST(a.result() == 2);
    BOOST_TEST((b && b->result() == 4));
    BOOST_TEST((c && c->result() == 6));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_every_kind_of_callable_is_taken, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    adder const a{40};
    int seen = 0;

    auto const member = pool.submit(&adder::add, a, 2);
    auto const data = pool.submit(&adder::base, a);
    auto const bound = pool.submit(std::bind(twice, 21));
    auto const move_only = pool.submit([p = std::make_unique<int>(42)] { return *p; });
    auto const by_reference = pool.submit([](int& r) -> int& { return r = 42; }, std::ref(seen));

    BOOST_TEST(member.result() == 42);
    BOOST_TEST(data.result() == 40);
    BOOST_TEST(bound.result() == 42);
    BOOST_TEST(move_only.result() == 42);
    BOOST_TEST(&by_reference.result() == &seen);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_arguments_are_decayed_and_moved, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto text = std::make_unique<std::string>("moved");

    auto const f = pool.submit(
        [](std::unique_ptr<std::string> s, std::string const& literal) { return *s + literal; },
        std::move(text), " in");

    BOOST_TEST(f.result() == "moved in");
    BOOST_TEST(!text);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_a_function_that_takes_a_stop_token_is_given_one, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit(
        [](std::stop_token t, int x) { return t.stop_possible() ? x : 0; }, 42);

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_a_shut_pool_moves_nothing, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    pool.shutdown();
    auto argument = std::make_unique<int>(42);
    auto const f = [](std::unique_ptr<int> p) { return *p; };

    BOOST_CHECK_THROW(pool.submit(f, std::move(argument)), cofu::shut_down_error);
    BOOST_CHECK_THROW(pool.try_submit(f, std::move(argument)), cofu::shut_down_error);

    BOOST_TEST((argument && *argument == 42));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_a_full_queue_moves_nothing, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::bounded(1, 1));
    typename Kind::gate gate;
    auto const hold = [](typename Kind::gate::handle g) { g.arrive_and_wait(); };
    auto const running = pool.submit(hold, gate.get_handle());
    gate.wait_for_arrivals(1);
    auto const waiting = pool.submit(hold, gate.get_handle());
    auto argument = std::make_unique<int>(42);
    auto const f = [](std::unique_ptr<int> p) { return *p; };

    BOOST_CHECK_THROW(pool.submit(f, std::move(argument)), cofu::queue_full_error);
    auto const none = pool.try_submit(f, std::move(argument));

    BOOST_TEST(!none);
    BOOST_TEST((argument && *argument == 42));
    gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_an_argument_that_throws_leaves_nothing_behind, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::bounded(1, 1));
    throwing_copy const argument(1);

    for (int i = 0; i < 3; ++i)
        BOOST_CHECK_THROW(pool.submit([](throwing_copy const&) {}, argument), transfer_failed);

    BOOST_TEST(pool.submit(twice, 21).result() == 42);
    pool.shutdown();
    BOOST_TEST(pool.stats().submitted == 1u);
}
