// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// FUT-13: stopping a running call, by its stop token and by Boost.Thread's interruption.

#define BOOST_CHRONO_HEADER_ONLY  // for sleep_for

#include "pool_kinds.hpp"

#include <cofu/promise.hpp>

#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <stop_token>
#include <thread>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

// True if an interruption of this thread was requested; it is consumed.
bool is_interrupted()
{
    try {
        boost::this_thread::interruption_point();
        return false;
    } catch (boost::thread_interrupted const&) {
        return true;
    }
}

void sleep_long() { boost::this_thread::sleep_for(boost::chrono::hours(1)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(future_stop)

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_the_stop_token_of_a_running_call_is_signalled, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto call = pool.submit(
        [](std::stop_token token, typename Kind::gate::handle g) {
            g.arrive();
            while (!token.stop_requested())
                std::this_thread::yield();
            return 5;
        },
        gate.get_handle());
    gate.wait_for_arrivals(1);

    BOOST_TEST(call.request_stop());

    BOOST_TEST(call.result() == 5);
    BOOST_TEST(!call.cancelled());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_stop_callback_runs_on_the_requesting_thread, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::test::gate registered, stopped;
    std::thread::id ran_on;
    auto call = pool.submit([&](std::stop_token token) {
        std::stop_callback const note(token, [&] {
            ran_on = std::this_thread::get_id();
            stopped.open();
        });
        registered.open();
        stopped.wait();
    });
    registered.wait();

    call.request_stop();
    call.wait();

    BOOST_TEST((ran_on == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_stop_callback_may_wait_for_its_call, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::promise<std::stop_token> running;
    auto call = pool.submit([&](std::stop_token token) {
        running.set_result(token);
        poll_until([&] { return token.stop_requested(); });
    });
    std::stop_callback const wait(running.get_future().result(), [&] { call.wait(); });

    BOOST_TEST(call.request_stop());

    BOOST_TEST(call.done());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_function_that_can_take_a_token_or_not_takes_it, Kind,
                              shared_memory_pool_kinds)
{
    struct both {
        int operator()() { return 1; }
        int operator()(std::stop_token t) { return t.stop_possible() ? 2 : 3; }
    };
    typename Kind::pool pool(Kind::workers(1));

    BOOST_TEST(pool.submit(both()).result() == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_on_pending_it_is_cancel, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate, never;
    auto const busy = occupy<Kind>(pool, gate);
    auto call = pool.submit([](typename Kind::gate::handle g) { g.arrive(); }, never.get_handle());

    bool const asked = call.request_stop();
    gate.open();
    pool.shutdown();

    BOOST_TEST(asked);
    BOOST_TEST(call.cancelled());
    BOOST_TEST(never.arrived() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_on_done_it_is_false, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto call = pool.submit([] { return 1; });
    call.wait();

    BOOST_TEST(!call.request_stop());
    BOOST_TEST(call.result() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_call_in_an_interruption_point_ends_as_cancelled_error, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto call = pool.submit([&] {
        gate.get_handle().arrive();
        sleep_long();
    });
    gate.wait_for_arrivals(1);

    BOOST_TEST(call.request_stop());

    BOOST_CHECK_THROW(call.result(), cofu::cancelled_error);
    BOOST_CHECK_THROW(std::rethrow_exception(call.exception()), cofu::cancelled_error);
    BOOST_TEST(!call.cancelled());
    BOOST_TEST(call.state() == cofu::future_state::finished);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_the_workers_next_call_is_not_interrupted, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::size_t interrupted_later = 0;

    for (int i = 0; i < 100; ++i) {
        typename Kind::gate gate;
        auto call = pool.submit([&] {
            gate.get_handle().arrive();
            sleep_long();
        });
        auto const next = pool.submit(is_interrupted);
        gate.wait_for_arrivals(1);
        call.request_stop();
        interrupted_later += next.result();
    }

    BOOST_TEST(interrupted_later == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_an_interruption_not_consumed_is_swallowed, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto call = pool.submit([&] {
        gate.get_handle().arrive_and_wait();  // no interruption point
        return 5;
    });
    std::atomic<int> in_callback{-1};
    call.add_done_callback([&](auto) { in_callback = is_interrupted(); });
    auto const next = pool.submit(is_interrupted);
    gate.wait_for_arrivals(1);

    call.request_stop();
    gate.open();

    BOOST_TEST(call.result() == 5);
    BOOST_TEST(!next.result());
    BOOST_TEST(in_callback.load() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_call_that_ends_otherwise_keeps_its_result, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto call = pool.submit([&] {
        gate.get_handle().arrive();
        try {
            sleep_long();
        } catch (boost::thread_interrupted const&) {
        }
        return 6;
    });
    gate.wait_for_arrivals(1);

    call.request_stop();

    BOOST_TEST(call.result() == 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_asking_twice_interrupts_once, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto call = pool.submit([&] {
        gate.get_handle().arrive_and_wait();
        bool const first = is_interrupted();
        gate.get_handle().arrive();
        return first + 2 * is_interrupted();
    });
    gate.wait_for_arrivals(1);

    bool const first = call.request_stop(), second = call.request_stop();
    gate.open();

    BOOST_TEST(first);
    BOOST_TEST(second);
    BOOST_TEST(call.result() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_call_that_throws_thread_interrupted_itself, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const call = pool.submit([] { throw boost::thread_interrupted(); });

    BOOST_CHECK_THROW(call.result(), cofu::cancelled_error);
    BOOST_TEST(!call.cancelled());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_blocking_waits_on_workers_are_interruption_points, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(3));
    typename Kind::gate gate;
    cofu::promise<int> never;
    auto const f = never.get_future();
    auto const h = gate.get_handle();
    auto waits = pool.submit([=] { h.arrive(), f.wait(); });
    auto reads = pool.submit([=] { return h.arrive(), f.result(); });
    auto asks = pool.submit([=] { return h.arrive(), f.exception(1h) == nullptr; });
    gate.wait_for_arrivals(3);

    waits.request_stop(), reads.request_stop(), asks.request_stop();

    BOOST_CHECK_THROW(waits.result(), cofu::cancelled_error);
    BOOST_CHECK_THROW(reads.result(), cofu::cancelled_error);
    BOOST_CHECK_THROW(asks.result(), cofu::cancelled_error);
    never.set_result(1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_call_may_stop_itself, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    cofu::future<bool> self;
    self = pool.submit([&] {
        gate.get_handle().arrive_and_wait();
        return self.request_stop() && is_interrupted();
    });
    gate.open();

    BOOST_TEST(self.result());
}

// The outer call ends its pool and so runs the inner one on its own stack.
template <class Kind>
struct nested {
    typename Kind::pool pool{Kind::workers(1)};
    typename Kind::gate outer_gate, inner_gate;
    std::atomic<bool> outer_interrupted{false}, inner_interrupted{false};
    cofu::future<void> outer = pool.submit([this] {
        outer_gate.get_handle().arrive_and_wait();
        pool.shutdown();
        outer_interrupted = is_interrupted();
    });
    cofu::future<void> inner = pool.submit([this] {
        inner_gate.get_handle().arrive_and_wait();
        inner_interrupted = is_interrupted();
    });

    void enter()
    {
        outer_gate.open();
        inner_gate.wait_for_arrivals(1);
    }
};

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_held_back_while_the_call_is_not_innermost, Kind,
                              shared_memory_pool_kinds)
{
    nested<Kind> n;
    n.enter();

    bool const asked = n.outer.request_stop();
    n.inner_gate.open();
    n.outer.wait();

    BOOST_TEST(asked);
    BOOST_TEST(!n.inner_interrupted.load());
    BOOST_TEST(n.outer_interrupted.load());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_the_innermost_is_interrupted_alone, Kind,
                              shared_memory_pool_kinds)
{
    nested<Kind> n;
    n.enter();

    n.inner.request_stop();
    n.inner_gate.open();
    n.outer.wait();

    BOOST_TEST(n.inner_interrupted.load());
    BOOST_TEST(!n.outer_interrupted.load());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_one_asked_for_before_does_not_reach_the_inner_call, Kind,
                              shared_memory_pool_kinds)
{
    nested<Kind> n;
    n.outer_gate.wait_for_arrivals(1);

    n.outer.request_stop();
    n.enter();
    n.inner_gate.open();
    n.outer.wait();

    BOOST_TEST(!n.inner_interrupted.load());
    BOOST_TEST(n.outer_interrupted.load());
}

BOOST_AUTO_TEST_SUITE_END()
