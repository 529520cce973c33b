// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Callbacks of a process pool's futures never hold up its I/O, wherever that runs.

#include "contract/pool_kinds.hpp"
#include "contract/process_cases.hpp"
#include "support/poll.hpp"
#include "support/process_snapshot.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/error.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;

namespace {

constexpr auto limit = default_limit;

int echo(int x)
{
    return x;
}

// A pool of one whose first call has ended and whose callback stays until `may_end` opens.
template <class Kind>
struct pool_with_a_busy_callback {
    pool_with_a_busy_callback() : pool(Kind::workers(1))
    {
        typename Kind::gate running;
        auto first = occupy<Kind>(pool, running);
        first.add_done_callback([this](auto) {
            inside.arrive();
            may_end.try_wait(10 * limit);
        });
        running.open();
        if (!inside.try_wait_for_count(1))
            throw wait_timed_out("the callback");
    }

    gate may_end;
    arrivals inside;
    typename Kind::pool pool;
    gate_opener const at_the_end{may_end};
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_busy_callback_holds_up_no_result, Kind, process_pool_kinds)
{
    pool_with_a_busy_callback<Kind> busy;

    BOOST_TEST(busy.pool.submit(&echo, 5).result(limit) == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_busy_callback_holds_up_no_death, Kind, process_pool_kinds)
{
    pool_with_a_busy_callback<Kind> busy;

    auto const f = busy.pool.submit([] { std::raise(SIGKILL); });

    BOOST_CHECK_THROW(f.result(limit), cofu::worker_crashed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_busy_callback_holds_up_no_time_limit, Kind,
                              process_pool_kinds)
{
    pool_with_a_busy_callback<Kind> busy;
    typename Kind::gate never;

    auto const f = busy.pool.submit(cofu::task_options{.timeout = std::chrono::milliseconds(1)},
                                    [](typename Kind::gate::handle g) { g.wait(); },
                                    never.get_handle());

    BOOST_CHECK_THROW(f.result(10 * limit), cofu::task_timed_out);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_callback_may_wait_for_calls_of_its_pool, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::atomic<int> sum{0};

    pool.submit(&echo, 1).add_done_callback([&](auto) {
        std::vector<cofu::future<int>> calls;
        for (int i = 0; i < 3; ++i)
            calls.push_back(pool.submit(&echo, 10));
        cofu::wait(calls);
        for (auto const& f : cofu::as_completed(calls))
            sum += f.result();
        sum += pool.submit(&echo, 5).result();
    });

    BOOST_TEST(poll_until([&] { return sum == 35; }));
    pool.shutdown();
}

// Each callback is followed by a handler, and the other way round.
BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_callbacks_of_one_call_run_in_order_on_one_thread, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    asio::io_context io;
    typename Kind::gate gate;
    auto f = occupy<Kind>(pool, gate);
    std::vector<int> order;
    std::vector<std::thread::id> threads;
    std::atomic<int> posted{0};
    for (int i = 0; i < 3; ++i) {
        f.async_wait(asio::bind_executor(io.get_executor(), [&](auto) { ++posted; }));
        f.add_done_callback([&, i](auto) {
            order.push_back(i);
            threads.push_back(std::this_thread::get_id());
        });
    }

    gate.open();
    pool.shutdown();
    io.run();

    BOOST_TEST((order == std::vector{0, 1, 2}));
    BOOST_TEST((threads == std::vector<std::thread::id>(3, threads.front())));
    BOOST_TEST(posted == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_shutdown_returns_after_all_callbacks, Kind, process_pool_kinds)
{
    std::atomic<int> ran{0};
    {
        typename Kind::pool pool(Kind::workers(2));
        for (int i = 0; i < 20; ++i)
            pool.submit(&echo, i).add_done_callback([&](auto) { ++ran; });
    }

    BOOST_TEST(ran == 20);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_callback_may_shut_its_process_pool_down, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::atomic<int> ran{0};
    std::vector<cofu::future<int>> calls;
    for (int i = 0; i < 5; ++i)
        calls.push_back(pool.submit(&echo, i));
    for (auto& f : calls)
        f.add_done_callback([&](auto) {
            pool.shutdown();
            ++ran;
        });

    pool.shutdown();

    BOOST_TEST(ran == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_process_pool_may_be_destroyed_by_a_callback, Kind,
                              process_pool_kinds)
{
    auto pool = std::make_unique<typename Kind::pool>(Kind::workers(1));
    typename Kind::gate gate;
    std::atomic<int> ran{0};
    auto first = occupy<Kind>(*pool, gate);
    auto last = pool->submit(&echo, 7);
    first.add_done_callback([&](auto) {
        pool.reset();
        ++ran;
    });
    last.add_done_callback([&](auto) { ++ran; });

    gate.open();

    BOOST_TEST(last.result() == 7);
    BOOST_TEST(poll_until([&] { return ran == 2; }));
}

// The pool's own two threads are inside a shutdown at the same time.
BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_a_callback_and_a_handler_may_both_shut_down, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    rendezvous both(2);
    arrivals inside;
    std::atomic<int> returned{0};
    auto const end = [&] {
        inside.arrive();
        both.arrive_and_wait();
        pool.shutdown();
        ++returned;
    };

    typename Kind::gate running;
    occupy<Kind>(pool, running).add_done_callback([&](auto) { end(); });
    running.open();
    inside.wait_for_count(1);
    asio::post(pool.get_executor(), end);

    BOOST_TEST(poll_until([&] { return returned == 2; }));
    pool.shutdown();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_callbacks_run_on_the_executor, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    int ran = 0;
    auto f = pool.submit(&echo, 1);
    f.add_done_callback([&](auto) { ++ran; });

    f.wait();
    int const ran_meanwhile = ran;
    io.run();

    BOOST_TEST(ran_meanwhile == 0);
    BOOST_TEST(ran == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_shutdown_runs_callbacks_that_the_executor_has_not, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    int ran = 0;
    {
        typename Kind::pool pool(on<Kind>(io, 2));
        for (int i = 0; i < 5; ++i)
            pool.submit(&echo, i).add_done_callback([&](auto) { ++ran; });
    }
    int const ran_in_the_end = ran;
    io.run();

    BOOST_TEST(ran_in_the_end == 5);
    BOOST_TEST(ran == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_callback_on_the_executor_may_wait_for_its_pool, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    int result = 0;
    pool.submit(&echo, 1).add_done_callback(
        [&](auto) { result = pool.submit(&echo, 5).result(); });

    io.run();

    BOOST_TEST(result == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_callback_on_the_executor_may_destroy_its_pool, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    auto pool = std::make_unique<typename Kind::pool>(on<Kind>(io));
    int ran = 0;
    auto first = pool->submit(&echo, 1);
    auto last = pool->submit(&echo, 2);
    first.add_done_callback([&](auto) {
        pool.reset();
        ++ran;
    });
    last.add_done_callback([&](auto) { ++ran; });

    io.run();

    BOOST_TEST(last.result() == 2);
    BOOST_TEST(ran == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_callbacks_on_several_threads_may_shut_their_pool_down, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io, 2));
    rendezvous both(2);
    std::atomic<int> ran{0};
    for (int i = 0; i < 2; ++i)
        pool.submit(&echo, i).add_done_callback([&](auto) {
            both.arrive_and_wait();
            pool.shutdown();
            ++ran;
        });

    std::thread other([&] { io.run(); });
    io.run();
    other.join();

    BOOST_TEST(ran == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_callbacks_run_once_when_the_context_ends_first, Kind,
                              process_pool_kinds)
{
    auto io = std::make_unique<asio::io_context>();
    typename Kind::pool pool(on<Kind>(*io));
    typename Kind::gate gate;
    int ran = 0;
    auto done = pool.submit(&echo, 1);
    done.add_done_callback([&](auto) { ++ran; });
    done.wait();
    auto busy = pool.submit([](typename Kind::gate::handle g) { g.wait(); }, gate.get_handle());
    busy.add_done_callback([&](auto) { ++ran; });

    io.reset();
    int const ran_by_its_end = ran;
    gate.open();
    pool.shutdown();

    BOOST_TEST(ran_by_its_end == 2);
    BOOST_TEST(ran == 2);
    BOOST_CHECK_THROW(busy.result(), cofu::broken_process_pool);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_the_pool_starts_no_thread, Kind, process_pool_kinds)
{
    asio::io_context io;
    auto const before = threads_of_this_process().size();
    typename Kind::pool pool(on<Kind>(io, 2));
    std::size_t in_callback = 0;
    std::vector<cofu::future<int>> calls;
    for (int i = 0; i < 5; ++i)
        calls.push_back(pool.submit(&echo, i));
    calls.front().add_done_callback([&](auto) { in_callback = threads_of_this_process().size(); });

    for (auto const& f : calls)
        f.wait();
    io.run();

    BOOST_TEST(threads_of_this_process().size() == before);
    BOOST_TEST(in_callback == before);
}
