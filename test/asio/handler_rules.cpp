// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Where, when and how often completion handlers run.

#include "operations.hpp"
#include "support/gate.hpp"
#include "support/manual_executor.hpp"
#include "support/tracker_executor.hpp"

#include <cofu/pool_observer.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

// Says when it is destroyed.
struct destroyed_flag {
    explicit destroyed_flag(std::atomic<int>& count) noexcept : count_(&count) {}
    destroyed_flag(destroyed_flag&& o) noexcept : count_(std::exchange(o.count_, nullptr)) {}
    ~destroyed_flag()
    {
        if (count_)
            ++*count_;
    }

private:
    std::atomic<int>* count_;
};

struct lost_handlers : cofu::pool_observer {
    void handler_lost(std::exception_ptr) noexcept override { ++count; }

    std::atomic<int> count = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(R7_a_handler_of_a_ready_future_is_posted)
{
    bench b;
    cofu::promise<int> p(b.io.get_executor());
    auto const f = p.get_future();
    p.set_result(42);
    bool ran = false, ran_inside = false;
    auto const inside_loop = [&] {
        f([&](std::exception_ptr, int) { ran = true; });
        ran_inside = ran;
    };

    asio::post(b.io, inside_loop);

    BOOST_TEST(b.run());
    BOOST_TEST(ran);
    BOOST_TEST(!ran_inside);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R7_no_operation_runs_its_handler_inside_its_initiation, Op,
                              functions)
{
    bench b;
    tracker_executor const tracker(b.io.get_executor());
    record seen;
    {
        initiation_scope inside;
        Op::start(b, asio::bind_executor(tracker, recorder<Op>{&seen}));
    }

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 1);
    BOOST_TEST(tracker.log().ran() == 1u);
    BOOST_TEST(tracker.log().ran_inside_initiation() == 0u);
}

BOOST_AUTO_TEST_CASE(R7_an_erased_handler_of_a_ready_future_is_not_run_in_the_initiation)
{
    bench b;
    cofu::promise<int> p(b.io.get_executor());
    auto const f = p.get_future();
    p.set_result(42);
    bool ran = false, ran_inside = false;
    auto const inside_loop = [&] {
        asio::any_completion_handler<void(std::exception_ptr, int)> handler(
            asio::bind_executor(b.io, [&](std::exception_ptr, int) { ran = true; }));
        f(std::move(handler));
        ran_inside = ran;
    };

    asio::post(b.io, inside_loop);

    BOOST_TEST(b.run());
    BOOST_TEST(ran);
    BOOST_TEST(!ran_inside);
}

BOOST_AUTO_TEST_CASE(R7_on_the_pool_itself_a_handler_is_posted)
{
    std::atomic<bool> ran = false;
    bool ran_inside = true;
    {
        cofu::thread_pool_executor pool(1);
        auto const ready = pool.submit([] { return 42; });
        ready.wait();

        pool.submit([&] {
                ready([&](std::exception_ptr, int) { ran = true; });
                ran_inside = ran;
            })
            .wait();
    }

    BOOST_TEST(ran.load());
    BOOST_TEST(!ran_inside);
}

BOOST_AUTO_TEST_CASE(R7_a_handler_runs_on_its_strand)
{
    bench b;
    auto const strand = asio::make_strand(b.pool);
    std::atomic<int> on_strand = 0;
    arrivals done;
    for (int i = 0; i < 20; ++i) {
        b.pool.submit([] { return 42; })(
            asio::bind_executor(strand, [&](std::exception_ptr, int) {
                on_strand += strand.running_in_this_thread();
                done.arrive();
            }));
    }

    done.wait_for_count(20);

    BOOST_TEST(on_strand.load() == 20);
}

BOOST_AUTO_TEST_CASE(ASY_09_without_an_executor_a_handler_runs_on_the_pool)
{
    cofu::thread_pool_executor pool(1);
    auto const worker = pool.submit([] { return std::this_thread::get_id(); }).result();
    std::thread::id ran_on;
    gate ran;

    pool.submit([] { return 42; })([&](std::exception_ptr, int) {
        ran_on = std::this_thread::get_id();
        ran.open();
    });
    ran.wait();

    BOOST_TEST((ran_on == worker));
}

BOOST_AUTO_TEST_CASE(ASY_09_without_an_executor_a_handler_runs_on_the_executor_of_the_promise)
{
    manual_context context;
    cofu::promise<int> p(context.get_executor());
    int value = 0;
    p.get_future()([&](std::exception_ptr, int v) { value = v; });
    BOOST_TEST(context.pending() == 0u);

    p.set_result(42);
    int const before = value;
    context.run_all();

    BOOST_TEST(before == 0);
    BOOST_TEST(value == 42);
}

BOOST_AUTO_TEST_CASE(ASY_09_without_any_executor_a_handler_runs_on_the_system_executor)
{
    bench b;
    cofu::promise<int> p;
    gate ran;
    std::thread::id ran_on;
    p.get_future()([&](std::exception_ptr, int) {
        ran_on = std::this_thread::get_id();
        ran.open();
    });

    p.set_result(42);
    ran.wait();

    BOOST_TEST((ran_on != std::this_thread::get_id()));
    BOOST_TEST((p.get_future().get_executor() == asio::any_io_executor(asio::system_executor())));
}

BOOST_AUTO_TEST_CASE(ASY_02_run_stays_until_the_handler_ran_and_returns_then)
{
    bench b;
    gate hold;
    gate_opener opener(hold);
    bool ran = false;
    b.pool.submit([&] { hold.wait(); })(
        asio::bind_executor(b.io, [&](std::exception_ptr) { ran = true; }));
    asio::post(b.io, [&] { hold.open(); });

    b.io.run();

    BOOST_TEST(ran);
}

BOOST_AUTO_TEST_CASE(ASY_02_a_wait_counts_as_work_and_no_more)
{
    manual_context context;
    cofu::promise<void> p;
    auto const before = context.outstanding_work();
    p.get_future()(asio::bind_executor(context.get_executor(), [](std::exception_ptr) {}));
    auto const waiting = context.outstanding_work();

    p.set_result();
    context.run_all();

    BOOST_TEST(before == 0u);
    BOOST_TEST(waiting >= 1u);
    BOOST_TEST(context.outstanding_work() == 0u);
}

BOOST_AUTO_TEST_CASE(ASY_02_a_moved_handler_keeps_no_work_behind)
{
    manual_context context;
    cofu::promise<void> p;
    auto const f = p.get_future();
    int ran = 0;
    for (int i = 0; i < 100; ++i)
        f(asio::bind_executor(context.get_executor(), [&](std::exception_ptr) { ++ran; }));

    p.set_result();
    context.run_all();

    BOOST_TEST(ran == 100);
    BOOST_TEST(context.outstanding_work() == 0u);
}

BOOST_AUTO_TEST_CASE(R7_handlers_need_only_be_movable)
{
    bench b;
    auto owned = std::make_unique<int>(0);
    auto& count = *owned;
    std::unique_ptr<int> back;
    auto handler = [owned = std::move(owned), &back](std::exception_ptr, int) mutable {
        ++*owned;
        back = std::move(owned);
    };

    b.pool.submit([] { return 42; })(asio::bind_executor(b.io, std::move(handler)));

    BOOST_TEST(b.run());
    BOOST_TEST(count == 1);
    BOOST_TEST((back.get() == &count));
}

BOOST_AUTO_TEST_CASE(R4_an_executor_that_throws_loses_its_handler_and_the_observer_is_told)
{
    lost_handlers observer;
    std::atomic<int> destroyed = 0;
    std::atomic<bool> ran = false;
    manual_context context;
    {
        cofu::thread_pool_executor pool({.max_workers = 1, .observer = &observer});
        gate hold;
        auto f = pool.submit([&] { hold.wait(); });
        auto handler = [flag = destroyed_flag(destroyed), &ran](std::exception_ptr) { ran = true; };
        f(asio::bind_executor(context.get_executor(), std::move(handler)));
        context.refuse(1);

        hold.open();
    }

    BOOST_TEST(observer.count.load() == 1);
    BOOST_TEST(destroyed.load() == 1);
    BOOST_TEST(!ran.load());
    BOOST_TEST(context.outstanding_work() == 0u);
}

BOOST_AUTO_TEST_CASE(R4_an_executor_that_throws_under_an_erased_handler)
{
    lost_handlers observer;
    std::atomic<int> destroyed = 0;
    std::atomic<bool> ran = false;
    manual_context context;
    {
        cofu::thread_pool_executor pool({.max_workers = 1, .observer = &observer});
        gate hold;
        auto f = pool.submit([&] { hold.wait(); });
        auto handler = [flag = destroyed_flag(destroyed), &ran](std::exception_ptr) { ran = true; };
        asio::any_completion_handler<void(std::exception_ptr)> erased(
            asio::bind_executor(context.get_executor(), std::move(handler)));
        f(std::move(erased));
        context.refuse(1);

        hold.open();
    }

    BOOST_TEST(observer.count.load() == 1);
    BOOST_TEST(destroyed.load() == 1);
    BOOST_TEST(!ran.load());
}

BOOST_AUTO_TEST_CASE(ASY_05_memory_is_released_before_the_handler_runs)
{
    bench b;
    long owners = -1;
    cofu::promise<int> p(b.io.get_executor());
    auto f = p.get_future();
    auto shared = std::make_shared<int>(0);
    auto handler = [&, shared](std::exception_ptr, int) { owners = shared.use_count(); };
    std::move(f)(std::move(handler));
    f = {};
    p.set_result(42);

    BOOST_TEST(b.run());
    // The test's own and the running handler's: the operation holds no other.
    BOOST_TEST(owners == 2);
    BOOST_TEST(shared.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(SHD_02_waiters_without_an_executor_wake_on_a_shutdown_in_an_idle_moment)
{
    bench b;
    int woken = 0;
    int const rounds = 200;
    for (int i = 0; i < rounds; ++i) {
        cofu::thread_pool_executor pool(1);
        gate hold;
        auto busy = pool.submit([&] { hold.wait(); });
        auto waited = pool.submit([] { return 42; })(asio::use_future);
        std::thread other([&] { pool.shutdown({.cancel_futures = true}); });
        hold.open();
        other.join();
        try {
            woken += waited.get() == 42;
        } catch (cofu::cancelled_error const&) {
            ++woken;
        } catch (std::future_error const&) {
        }
    }

    BOOST_TEST(woken == rounds);
}
