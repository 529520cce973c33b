// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Worker processes: when they start, what they are, how they end.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>
#include <cofu/process_pool_executor.hpp>
#include <cofu/thread_pool_executor.hpp>
#include <cofu/wait.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <set>
#include <vector>

#include <unistd.h>

using namespace cofu::test;

namespace {

// They are made in every worker's image too.
cofu::thread_pool_executor threads_of_the_program(1);
cofu::process_pool_executor processes_of_the_program(1);

template <class Pool>
bool is_out_of_reach(Pool& pool)
{
    try {
        pool.submit([] {});
    } catch (cofu::invalid_state_error const&) {
        return pool.stats().submitted == 0;
    }
    return false;
}

// How many generations of workers there can be below this process.
template <class Kind>
int generations()
{
    try {
        typename Kind::pool pool(Kind::workers(1));
        return 1 + pool.submit(&generations<Kind>).result();
    } catch (cofu::invalid_state_error const&) {
        return 0;
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_15_the_programs_pools_are_out_of_reach_in_a_worker, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    BOOST_TEST(pool.submit([] { return is_out_of_reach(threads_of_the_program); }).result());
    BOOST_TEST(pool.submit([] { return is_out_of_reach(processes_of_the_program); }).result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_15_a_worker_may_have_a_pool, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const sum = pool.submit([] {
        cofu::thread_pool_executor threads(2);
        typename Kind::pool processes(Kind::workers(1));
        return threads.submit([] { return 1; }).result()
               + processes.submit([] { return 2; }).result();
    });

    BOOST_TEST(sum.result() == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_15_workers_of_workers_end_at_a_depth_of_four, Kind,
                              process_pool_kinds)
{
    BOOST_TEST(generations<Kind>() == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_01_no_worker_before_the_first_call, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));

    BOOST_TEST(pool.stats().workers == 0u);

    pool.submit([] {}).wait();
    BOOST_TEST(pool.stats().workers == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_01_sequential_calls_reuse_a_worker, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    std::set<int> pids;

    for (int i = 0; i < 20; ++i)
        pids.insert(pool.submit([] { return ::getpid(); }).result());

    BOOST_TEST(pids.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_01_calls_at_once_have_a_worker_each, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(3));
    typename Kind::gate gate;
    std::vector<cofu::future<int>> calls;

    for (int i = 0; i < 3; ++i)
        calls.push_back(pool.submit(
            [](typename Kind::gate::handle g) {
                g.arrive_and_wait();
                return ::getpid();
            },
            gate.get_handle()));
    gate.wait_for_arrivals(3);
    gate.open();

    std::set<int> pids;
    for (auto const& f : calls)
        pids.insert(f.result());
    BOOST_TEST(pids.size() == 3u);
    BOOST_TEST(!pids.contains(::getpid()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_04_a_call_sent_ahead_is_pending_and_can_be_cancelled, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto busy = occupy<Kind>(pool, gate);
    typename Kind::gate never;
    auto ahead = pool.submit([](typename Kind::gate::handle g) { g.arrive(); },
                                   never.get_handle());

    BOOST_TEST(busy.running());
    BOOST_TEST(!ahead.running());
    BOOST_TEST(!busy.cancel());
    BOOST_TEST(ahead.cancel());
    gate.open();
    pool.submit([] {}).wait();

    BOOST_TEST(ahead.cancelled());
    BOOST_TEST(never.arrived() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_08_a_worker_is_replaced_after_so_many_calls, Kind,
                              process_pool_kinds)
{
    auto options = Kind::workers(1);
    options.max_tasks_per_child = 3;
    typename Kind::pool pool(options);
    std::vector<cofu::future<int>> calls;

    for (int i = 0; i < 9; ++i)
        calls.push_back(pool.submit([] { return ::getpid(); }));

    std::vector<int> pids;
    for (auto const& f : calls)
        pids.push_back(f.result());
    BOOST_TEST(std::set(pids.begin(), pids.end()).size() == 3u);
    BOOST_TEST(pids[0] == pids[2]);
    BOOST_TEST(pids[2] != pids[3]);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_10_the_initializer_runs_before_the_first_call, Kind,
                              process_pool_kinds)
{
    typename Kind::gate gate;
    typename Kind::pool pool(Kind::initialized(
        2, [](typename Kind::gate::handle g) { g.arrive(); }, gate.get_handle()));

    auto const seen = pool.submit(
        [](typename Kind::gate::handle g) {
            g.note(1);
            return g.noted();
        },
        gate.get_handle());

    BOOST_TEST(seen.result() == 1);
    BOOST_TEST(gate.arrived() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_13_kill_workers_ends_everything_at_once, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto const queued = pool.submit([] {});

    pool.kill_workers();

    BOOST_CHECK_THROW(busy.result(), cofu::error);
    BOOST_CHECK_THROW(queued.result(), cofu::error);
    BOOST_CHECK_THROW(pool.submit([] {}), cofu::error);
    pool.shutdown();
    BOOST_TEST(pool.stats().workers == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_13_terminate_workers_is_a_no_op_when_nothing_runs, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    pool.terminate_workers();
    pool.kill_workers();
    pool.shutdown();

    BOOST_TEST(pool.stats().workers == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R3_no_worker_is_left_after_shutdown, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    auto const pid = pool.submit([] { return ::getpid(); }).result();

    pool.shutdown();

    BOOST_TEST(::kill(pid, 0) == -1);
    BOOST_TEST(errno == ESRCH);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_06_a_posted_function_runs_in_a_worker, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    for (int i = 0; i < 3; ++i)
        boost::asio::post(pool.get_remote_executor(), [] { ::setenv("COFU_POSTED", "yes", 1); });

    BOOST_TEST(pool.submit([] { return ::getenv("COFU_POSTED") != nullptr; }).result());
    BOOST_TEST(::getenv("COFU_POSTED") == nullptr);
    BOOST_TEST(pool.stats().submitted == 4u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_06_the_executor_is_of_this_process, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    pool.submit([] {}).wait();
    std::atomic<int> pid{0};

    boost::asio::post(pool, [&] {
        pid = ::getpid();
        gate.open();
    });
    gate.get_handle().wait();

    BOOST_TEST(pid == ::getpid());
}
