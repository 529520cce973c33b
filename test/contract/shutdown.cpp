// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How a pool ends.

#include "contract/pool_kinds.hpp"
#include "support/leak_guard.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_shutdown_waits_for_queued_calls, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 100; ++i)
        futures.push_back(pool.submit([](int x) { return x; }, i));

    auto const report = pool.shutdown();

    int done = 0;
    for (auto const& f : futures)
        done += f.done();
    BOOST_TEST(done == 100);
    BOOST_TEST(report.finished <= 100u);
    BOOST_TEST(pool.stats().workers == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_shutdown_of_a_pool_that_never_ran, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));

    auto const report = pool.shutdown();

    BOOST_TEST(report.finished == 0u);
    BOOST_TEST(report.cancelled == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_shutdown_may_be_repeated, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    auto const f = pool.submit([] { return 1; });

    pool.shutdown({.wait = false});
    pool.shutdown();
    pool.shutdown();
    pool.shutdown({.cancel_futures = true});

    BOOST_TEST(f.result() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_a_later_call_strengthens_an_earlier_one, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    auto const queued = pool.submit([] {});

    pool.shutdown({.wait = false});
    bool const kept = !queued.cancelled();
    auto const report = pool.shutdown({.wait = false, .cancel_futures = true});

    BOOST_TEST(kept);
    BOOST_TEST(queued.cancelled());
    BOOST_TEST(report.cancelled == 1u);
    gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_shutdown_without_wait_returns_at_once, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); return 42; }, gate.get_handle());
    gate.wait_for_arrivals(1);

    pool.shutdown({.wait = false});

    BOOST_TEST(!running.done());
    gate.open();
    BOOST_TEST(running.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_many_threads_shut_down_at_once, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 100; ++i)
        futures.push_back(pool.submit([](int x) { return x; }, i));
    std::atomic<int> unfinished{0};

    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            pool.shutdown();
            for (auto const& f : futures)
                unfinished += !f.done();
        });
    for (auto& t : threads)
        t.join();

    BOOST_TEST(unfinished == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_the_destructor_waits, Kind, pool_kinds)
{
    cofu::future<int> f;

    {
        typename Kind::pool pool(Kind::workers(1));
        f = pool.submit([] { return 42; });
        pool.shutdown({.wait = false});
    }

    BOOST_TEST(f.done());
    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_02_cancel_futures_cancels_what_has_not_begun, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); return 42; }, gate.get_handle());
    gate.wait_for_arrivals(1);
    std::vector<cofu::future<void>> queued;
    for (int i = 0; i < 50; ++i)
        queued.push_back(pool.submit([] {}));

    auto const report = pool.shutdown({.wait = false, .cancel_futures = true});

    std::size_t cancelled = 0;
    for (auto const& f : queued)
        cancelled += f.cancelled();
    BOOST_TEST(cancelled == 50u);
    BOOST_TEST(report.cancelled == 50u);
    gate.open();
    BOOST_TEST(running.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_02_waiters_of_cancelled_calls_wake, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    auto const queued = pool.submit([] {});
    std::atomic<bool> woken{false};
    std::thread waiter([&] {
        queued.wait();
        woken = true;
    });

    pool.shutdown({.wait = false, .cancel_futures = true});
    waiter.join();

    BOOST_TEST(woken.load());
    gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_04_shutdown_runs_posted_functions, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    std::atomic<int> ran{0};
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    for (int i = 0; i < 10; ++i)
        asio::post(pool, [&ran] { ++ran; });

    pool.shutdown({.wait = false, .cancel_futures = true});
    gate.open();
    pool.shutdown();

    BOOST_TEST(ran == 10);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_04_shutdown_does_not_wait_for_tracked_work, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto const work = asio::make_work_guard(pool);
    pool.submit([] {}).wait();

    pool.shutdown();

    BOOST_TEST(pool.stats().workers == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_04_wait_for_work_waits_for_it, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto work = asio::make_work_guard(pool);
    bool ran = false;
    pool.submit([] {}).wait();
    pool.shutdown({.wait = false, .wait_for_work = true});

    asio::post(pool, [&ran] { ran = true; });
    bool const ended = poll_until([&] { return pool.stats().workers == 0; },
                                  std::chrono::milliseconds(0));
    work.reset();
    pool.shutdown({.wait_for_work = true});

    BOOST_TEST(!ended);
    BOOST_TEST(ran);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_04_wait_for_work_of_a_pool_without_workers, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto work = asio::make_work_guard(pool);
    asio::io_context io;
    int completions = 0;
    pool.async_shutdown({.wait_for_work = true},
                        asio::bind_executor(io, [&](auto...) { ++completions; }));

    bool const early = io.poll() != 0;
    work.reset();
    io.restart();
    io.run_for(default_limit);

    BOOST_TEST(!early);
    BOOST_TEST(completions == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_async_shutdown_needs_no_executor, Kind, pool_kinds)
{
    allow_process_wide([] { asio::post(asio::system_executor(), asio::use_future).get(); });
    typename Kind::pool pool(Kind::workers(1));
    pool.submit([] {});

    auto done = pool.async_shutdown(asio::use_future);

    BOOST_CHECK(done.wait_for(default_limit) == std::future_status::ready);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_async_shutdown_completes_when_all_ended, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    auto const queued = pool.submit([] {});
    asio::io_context io;
    int completions = 0;
    cofu::shutdown_report report;

    pool.async_shutdown(asio::bind_executor(io, [&](boost::system::error_code ec, auto r) {
        completions += ec ? 100 : 1;
        report = r;
    }));
    bool const early = io.poll() != 0;
    gate.open();
    io.restart();
    io.run_for(default_limit);

    BOOST_TEST(!early);
    BOOST_TEST(completions == 1);
    BOOST_TEST(report.finished == 2u);
    BOOST_TEST(pool.stats().workers == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_async_shutdown_of_an_ended_pool_completes, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    pool.shutdown();
    asio::io_context io;
    int completions = 0;

    pool.async_shutdown(asio::bind_executor(io, [&](auto...) { ++completions; }));
    bool const inside = completions != 0;
    io.run();

    BOOST_TEST(!inside);
    BOOST_TEST(completions == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_async_shutdown_may_be_abandoned, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); return 42; }, gate.get_handle());
    gate.wait_for_arrivals(1);
    asio::io_context io;
    asio::cancellation_signal signal;
    boost::system::error_code result;

    pool.async_shutdown(asio::bind_cancellation_slot(
        signal.slot(),
        asio::bind_executor(io, [&](boost::system::error_code ec, auto) { result = ec; })));
    signal.emit(asio::cancellation_type::terminal);
    io.run();

    BOOST_TEST(result == asio::error::operation_aborted);
    BOOST_CHECK_THROW(pool.submit([] {}), cofu::shut_down_error);
    gate.open();
    BOOST_TEST(running.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_several_async_shutdowns_complete, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    pool.submit([] {});
    asio::io_context io;
    int completions = 0;

    for (int i = 0; i < 5; ++i)
        pool.async_shutdown(asio::bind_executor(io, [&](auto...) { ++completions; }));
    io.run_for(default_limit);

    BOOST_TEST(completions == 5);
}
