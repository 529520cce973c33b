// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What a worker's death costs: its own call.

#include "contract/pool_kinds.hpp"
#include "contract/process_cases.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <vector>

#include <unistd.h>

using namespace cofu::test;

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_a_signal_ends_its_own_call_only, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto const lost = pool.submit([] { ::raise(SIGKILL); });
    std::vector<cofu::future<int>> others;
    for (int i = 0; i < 10; ++i)
        others.push_back(pool.submit([](int x) { return x; }, i));

    auto const crash = crash_of(lost);

    BOOST_TEST(crash.signal().value_or(0) == SIGKILL);
    BOOST_TEST(!crash.exit_code().has_value());
    BOOST_TEST(crash.pid() > 0);
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(others[static_cast<std::size_t>(i)].result() == i);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_an_exit_is_a_crash_with_its_code, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const crash = crash_of(pool.submit([] { ::_exit(7); }));

    BOOST_TEST(crash.exit_code().value_or(-1) == 7);
    BOOST_TEST(!crash.signal().has_value());
    BOOST_TEST((crash.code() == cofu::errc::worker_crashed));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_18_exit_in_a_call_is_a_crash_with_its_code, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const crash = crash_of(pool.submit([] { std::exit(3); }));

    BOOST_TEST(crash.exit_code().value_or(-1) == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_a_replacement_runs_what_follows, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto const first = pool.submit([] { return ::getpid(); }).result();
    crash_of(pool.submit([] { ::raise(SIGKILL); }));

    auto const second = pool.submit([] { return ::getpid(); }).result();

    BOOST_TEST(first != second);
    BOOST_TEST(pool.stats().workers == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_the_death_of_an_idle_worker_costs_nothing, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto const pid = pool.submit([] { return ::getpid(); }).result();
    ::kill(pid, SIGKILL);

    for (int i = 0; i < 20; ++i)
        BOOST_TEST(pool.submit([](int x) { return x; }, i).result() == i);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_break_pool_fails_all, Kind, process_pool_kinds)
{
    auto options = Kind::workers(1);
    options.on_crash = cofu::crash_policy::break_pool;
    typename Kind::pool pool(options);
    typename Kind::gate gate;
    auto const lost = pool.submit(
        [](typename Kind::gate::handle g) {
            g.arrive_and_wait();
            ::raise(SIGKILL);
        },
        gate.get_handle());
    gate.wait_for_arrivals(1);
    auto const queued = pool.submit([] {});
    gate.open();

    BOOST_CHECK_THROW(queued.result(), cofu::broken_process_pool);
    BOOST_CHECK_THROW(lost.result(), cofu::error);
    BOOST_TEST((lost.exception() != queued.exception()));
    BOOST_CHECK_THROW(pool.submit([] {}), cofu::broken_process_pool);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_06_without_retries_a_call_is_begun_at_most_once, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;

    crash_of(pool.submit(
        [](typename Kind::gate::handle g) {
            g.arrive();
            ::raise(SIGKILL);
        },
        gate.get_handle()));
    pool.submit([] {}).wait();

    BOOST_TEST(gate.arrived() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_06_a_call_is_retried_as_often_as_asked, Kind, process_pool_kinds)
{
    auto options = Kind::workers(1);
    options.retries = 2;
    typename Kind::pool pool(options);
    typename Kind::gate gate;

    auto const f = pool.submit(
        [](typename Kind::gate::handle g) {
            g.arrive();
            ::raise(SIGKILL);
        },
        gate.get_handle());

    BOOST_TEST(crash_of(f).signal().value_or(0) == SIGKILL);
    BOOST_TEST(gate.arrived() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_06_a_retried_call_may_succeed, Kind, process_pool_kinds)
{
    auto options = Kind::workers(1);
    options.retries = 1;
    typename Kind::pool pool(options);
    typename Kind::gate gate;

    auto const f = pool.submit(
        [](typename Kind::gate::handle g) {
            if (g.noted() == 0) {
                g.note(1);
                ::raise(SIGKILL);
            }
            return 5;
        },
        gate.get_handle());

    BOOST_TEST(f.result() == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_06_boot_failures_break_the_pool, Kind, process_pool_kinds)
{
    auto options = Kind::initialized(1, [] { ::_exit(9); });
    typename Kind::pool pool(options);

    auto const f = pool.submit([] { return 1; });

    BOOST_CHECK_THROW(f.result(), cofu::broken_process_pool);
    BOOST_CHECK_THROW(pool.submit([] {}), cofu::broken_process_pool);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_10_an_initializer_that_crashes_breaks_the_pool, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::initialized(1, [] { ::raise(SIGKILL); }));

    auto const f = pool.submit([] { return 1; });

    auto const crashed_by_kill = [](cofu::worker_crashed const& e) {
        return e.signal() == SIGKILL && e.pid() > 0;
    };
    try {
        f.result();
        BOOST_TEST(false, "the call ran");
    } catch (cofu::broken_process_pool const& e) {
        BOOST_CHECK_EXCEPTION(std::rethrow_if_nested(e), cofu::worker_crashed, crashed_by_kill);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_10_an_initializer_that_throws_breaks_the_pool, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(
        Kind::initialized(1, [] { throw std::out_of_range("no such shard"); }));

    auto const f = pool.submit([] { return 1; });

    try {
        f.result();
        BOOST_TEST(false, "the call ran");
    } catch (cofu::broken_process_pool const& e) {
        BOOST_CHECK_THROW(std::rethrow_if_nested(e), std::out_of_range);
    }
}
