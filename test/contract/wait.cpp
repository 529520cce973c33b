// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// wait: when it returns, and what it gives.

#include "contract/pool_kinds.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_future.hpp>
#include <cofu/promise.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <map>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;
using cofu::return_when;

namespace {

int twice(int x) { return 2 * x; }

int fail(int) { throw std::out_of_range("no such thing"); }

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_all_completed_waits_for_every_future, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 100; ++i)
        futures.push_back(pool.submit(i % 10 == 0 ? fail : twice, i));

    auto const [done, not_done] = cofu::wait(futures);

    BOOST_TEST((done == futures));
    BOOST_TEST(not_done.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_first_completed_returns_with_one, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::promise<void> other;
    other.set_result();
    std::vector const futures{busy, other.get_future()};

    auto const [done, not_done] = cofu::wait(futures, return_when::first_completed);

    BOOST_TEST((done == std::vector{futures[1]}));
    BOOST_TEST((not_done == std::vector{busy}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_first_completed_wakes_when_one_ends, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::promise<int> never;
    auto const ends = pool.submit(twice, 1);
    auto const futures = cofu::any_futures(busy, never.get_future(), ends);

    auto const [done, not_done] = cofu::wait(futures, return_when::first_completed);

    BOOST_TEST((done == std::vector<cofu::any_future>{ends}));
    BOOST_TEST(not_done.size() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_first_exception_returns_at_an_exception, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto const value = pool.submit(twice, 1);
    value.wait();
    auto const error = pool.submit(fail, 1);

    auto const [done, not_done] =
        cofu::wait(cofu::any_futures(busy, value, error), return_when::first_exception);

    BOOST_TEST((done == std::vector<cofu::any_future>{value, error}));
    BOOST_TEST((not_done == std::vector<cofu::any_future>{busy}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_first_exception_without_one_waits_for_all, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 10; ++i)
        futures.push_back(pool.submit(twice, i));

    auto const [done, not_done] = cofu::wait(futures, return_when::first_exception);

    BOOST_TEST(done.size() == 10u);
    BOOST_TEST(not_done.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_a_cancelled_future_is_no_exception, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto queued = pool.submit(twice, 1);
    BOOST_TEST_REQUIRE(queued.cancel());

    auto const [done, not_done] =
        cofu::wait(cofu::any_futures(busy, queued), 1ms, return_when::first_exception);

    BOOST_TEST((done == std::vector<cofu::any_future>{queued}));
    BOOST_TEST((not_done == std::vector<cofu::any_future>{busy}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_03_wait_counts_a_cancelled_future_as_done, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    std::vector futures{pool.submit(twice, 1), pool.submit(twice, 2)};
    for (auto& f : futures)
        f.cancel();

    auto const [done, not_done] = cofu::wait(futures);

    BOOST_TEST(done.size() == 2u);
    BOOST_TEST(not_done.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_expiry_returns_the_split_as_it_stands, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::promise<void> set;
    set.set_result();
    std::vector const futures{busy, set.get_future()};

    auto const split_after = [&](auto timeout) {
        auto const [done, not_done] = cofu::wait(futures, timeout);
        return done == std::vector{futures[1]} && not_done == std::vector{busy};
    };

    BOOST_TEST(split_after(0s));
    BOOST_TEST(split_after(-1h));
    BOOST_TEST(split_after(std::chrono::hours::min()));
    BOOST_TEST(split_after(std::chrono::duration<double>(-1e300)));
    BOOST_TEST(split_after(1ms));
    BOOST_TEST(split_after(std::chrono::duration<double, std::milli>(0.5)));
    BOOST_TEST(split_after(std::chrono::duration<float>(1e-30f)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_the_longest_timeouts_do_not_overflow, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const all_done_within = [&](auto timeout) {
        return cofu::wait(std::vector{pool.submit(twice, 1)}, timeout).not_done.empty();
    };

    BOOST_TEST(all_done_within(std::chrono::hours::max()));
    BOOST_TEST(all_done_within(std::chrono::nanoseconds::max()));
    BOOST_TEST(all_done_within(std::chrono::duration<double>(1e300)));
    BOOST_TEST(
        all_done_within(std::chrono::duration<float>(std::numeric_limits<float>::infinity())));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_02_futures_of_different_pools_and_types_mix, Kind, pool_kinds)
{
    typename Kind::pool one(Kind::workers(1));
    typename Kind::pool two(Kind::workers(1));
    cofu::promise<std::string> promise;
    auto const set = one.submit([](int i) { return i; }, 1);
    auto const posted = boost::asio::post(two.get_executor(), cofu::as_future);
    auto const futures = cofu::any_futures(set, two.submit(twice, 2), promise.get_future(), posted);
    promise.set_result("three");

    auto const [done, not_done] = cofu::wait(futures);

    BOOST_TEST((done == std::vector(futures.begin(), futures.end())));
    BOOST_TEST(not_done.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_02_duplicates_count_once, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::promise<void> set;
    set.set_result();
    auto const f = set.get_future();

    auto const [done, not_done] = cofu::wait(std::vector{f, busy, f, busy, f}, 0s);

    BOOST_TEST((done == std::vector{f}));
    BOOST_TEST((not_done == std::vector{busy}));
}

BOOST_AUTO_TEST_CASE(WAIT_02_an_empty_set_completes_at_once)
{
    std::vector<cofu::future<int>> const none;

    for (auto const when :
         {return_when::all_completed, return_when::first_completed, return_when::first_exception}) {
        auto const [done, not_done] = cofu::wait(none, when);
        BOOST_TEST((done.empty() && not_done.empty()));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_02_done_holds_all_that_are_done, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 10; ++i)
        futures.push_back(pool.submit(twice, i));
    cofu::wait(futures);
    cofu::promise<int> never;
    futures.push_back(never.get_future());

    auto const [done, not_done] = cofu::wait(futures, return_when::first_completed);

    BOOST_TEST(done.size() == 10u);
    BOOST_TEST(not_done.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_02_any_range_of_handles_is_taken, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::map<int, cofu::future<int>> by_number;
    for (int i = 0; i < 5; ++i)
        by_number.emplace(i, pool.submit(twice, i));
    auto submitted = std::views::iota(0, 5)
                     | std::views::transform([&](int i) { return pool.submit(twice, i); });

    BOOST_TEST(cofu::wait(std::views::values(by_number)).done.size() == 5u);
    BOOST_TEST(cofu::wait(submitted).done.size() == 5u);
}

BOOST_AUTO_TEST_CASE(WAIT_02_an_empty_future_is_refused)
{
    std::vector const futures{cofu::promise<int>().get_future(), cofu::future<int>()};

    BOOST_CHECK_THROW(cofu::wait(futures), cofu::invalid_state_error);
    BOOST_CHECK_THROW(cofu::async_wait(futures), cofu::invalid_state_error);
}

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_03_a_hundred_thousand_futures, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    auto busy = occupy<Kind>(pool, gate);
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < at_most(100'000); ++i)
        futures.push_back(pool.submit(twice, i));

    gate.open();
    auto const [done, not_done] = cofu::wait(futures);

    BOOST_TEST((done == futures));
    BOOST_TEST(not_done.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_wait_on_a_worker_is_an_interruption_point, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::promise<int> never;
    typename Kind::gate gate;
    auto waits = pool.submit(
        [](typename Kind::gate::handle g, std::vector<cofu::future<int>> futures) {
            g.arrive();
            cofu::wait(futures);
        },
        gate.get_handle(), std::vector{never.get_future()});
    gate.wait_for_arrivals(1);

    waits.request_stop();

    BOOST_CHECK_THROW(waits.result(default_limit), cofu::cancelled_error);
}

// The seed: random sleeps, and the pair that wait gives.
BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_the_pair_partitions_the_futures, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(3));
    typename Kind::gate gate;
    std::vector<cofu::future<void>> futures;
    for (int i = 0; i < 4; ++i)
        futures.push_back(pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); },
                                      gate.get_handle()));
    gate.wait_for_arrivals(3);

    auto const before = cofu::wait(futures, 0s);
    gate.open();
    auto const after = cofu::wait(futures);

    BOOST_TEST(before.done.size() + before.not_done.size() == 4u);
    BOOST_TEST(before.not_done.size() == 4u);
    BOOST_TEST((after.done == futures));
}
