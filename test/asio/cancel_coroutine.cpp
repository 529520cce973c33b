// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Coroutines that give up waiting: timeouts, cancelled coroutines.

#include "operations.hpp"
#include "support/gate.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <stop_token>
#include <thread>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace asio::experimental::awaitable_operators;
using std::chrono::steady_clock;

namespace {

asio::awaitable<bool> times_out(cofu::future<int> f)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, steady_clock::time_point::min());
    auto const first = co_await (f.async_result(asio::use_awaitable)
                                 || timer.async_wait(asio::use_awaitable));
    co_return first.index() == 1;
}

asio::awaitable<int> await_it(cofu::future<int> f)
{
    co_return co_await f.async_result();
}

asio::awaitable<int> await_it_until_any_cancellation(cofu::future<int> f)
{
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_return co_await f.async_result();
}

int until_stopped(std::stop_token stop)
{
    while (!stop.stop_requested())
        std::this_thread::yield();
    throw cofu::cancelled_error();
}

asio::awaitable<bool> invoke_times_out(cofu::thread_pool_executor& pool)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, steady_clock::time_point::min());
    auto const first = co_await (pool.async_invoke(until_stopped, asio::use_awaitable)
                                 || timer.async_wait(asio::use_awaitable));
    co_return first.index() == 1;
}

// How a coroutine ended.
struct ending {
    int runs = 0;
    boost::system::error_code code;
    bool value = false;

    auto handler()
    {
        return [this](std::exception_ptr e, auto v) {
            ++runs;
            value = static_cast<bool>(v);
            try {
                if (e)
                    std::rethrow_exception(e);
            } catch (boost::system::system_error const& error) {
                code = error.code();
            }
        };
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_03_a_timer_ends_a_wait_and_the_call_goes_on)
{
    bench b;
    ending seen;
    gate hold;
    auto const work = [&] {
        hold.wait();
        return 42;
    };
    auto const f = b.pool.submit(work);

    co_spawn(b.io, times_out(f), seen.handler());
    bool const dry = b.run();
    bool const was_running = !f.done();
    hold.open();

    BOOST_TEST(dry);
    BOOST_TEST(seen.value);
    BOOST_TEST(was_running);
    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE(ASY_03_a_timer_stops_an_invoked_call)
{
    bench b;
    ending seen;

    co_spawn(b.io, invoke_times_out(b.pool), seen.handler());

    BOOST_TEST(b.run());
    BOOST_TEST(seen.value);
    BOOST_TEST(!seen.code);
}

BOOST_AUTO_TEST_CASE(ASY_03_a_cancelled_coroutine_abandons_its_wait)
{
    bench b;
    ending seen;
    cofu::promise<int> never;
    asio::cancellation_signal signal;
    co_spawn(b.io, await_it(never.get_future()),
             asio::bind_cancellation_slot(signal.slot(), seen.handler()));
    b.io.poll();

    signal.emit(asio::cancellation_type::terminal);

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 1);
    BOOST_TEST(seen.code == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(ASY_03_a_coroutine_that_allows_it_is_cancelled_by_each_type)
{
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        bench b;
        ending seen;
        cofu::promise<int> never;
        asio::cancellation_signal signal;
        co_spawn(b.io, await_it_until_any_cancellation(never.get_future()),
                 asio::bind_cancellation_slot(signal.slot(), seen.handler()));
        b.io.poll();

        signal.emit(type);

        BOOST_TEST(b.run());
        BOOST_TEST(seen.runs == 1);
        BOOST_TEST(seen.code == asio::error::operation_aborted);
    }
}

BOOST_AUTO_TEST_CASE(ASY_06_a_timeout_on_a_strand_of_a_pool)
{
    ending seen;
    gate done;
    cofu::promise<int> never;
    {
        cofu::thread_pool_executor pool(2);
        auto handler = [&, tell = seen.handler()](std::exception_ptr e, bool v) {
            tell(e, v);
            done.open();
        };
        co_spawn(asio::make_strand(pool), times_out(never.get_future()), handler);
        done.wait();
    }

    BOOST_TEST(seen.value);
}
