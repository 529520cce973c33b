// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The token that makes a future of any operation.

#include "operations.hpp"
#include "support/gate.hpp"

#include <cofu/as_future.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>

namespace asio = boost::asio;
using namespace cofu::test;
using std::chrono::steady_clock;

namespace {

// An operation with any signature, completed by the test.
template <class Signature, class Token, class... Values>
auto async_give(asio::io_context& io, Token&& token, Values... values)
{
    auto const initiation = [&io](auto handler, Values... v) {
        asio::post(io, [handler = std::move(handler), ... v = std::move(v)]() mutable {
            std::move(handler)(std::move(v)...);
        });
    };
    return asio::async_initiate<Token, Signature>(initiation, token, std::move(values)...);
}

asio::awaitable<std::unique_ptr<int>> give_pointer()
{
    co_return std::make_unique<int>(42);
}

asio::awaitable<void> fail()
{
    throw std::out_of_range("far");
    co_return;
}

asio::awaitable<void> wait_for_ever()
{
    asio::steady_timer timer(co_await asio::this_coro::executor, steady_clock::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_10_a_timer_gives_a_future_of_void)
{
    bench b;
    asio::steady_timer timer(b.io, steady_clock::time_point::min());

    cofu::future<void> f = timer.async_wait(cofu::as_future);

    BOOST_TEST(b.run());
    BOOST_CHECK_NO_THROW(f.result());
}

BOOST_AUTO_TEST_CASE(ASY_10_it_runs_from_the_start)
{
    bench b;
    asio::steady_timer timer(b.io, steady_clock::time_point::max());

    auto f = timer.async_wait(cofu::as_future);

    BOOST_TEST(f.running());
    BOOST_TEST(!f.cancel());
    BOOST_TEST(f.running());
}

BOOST_AUTO_TEST_CASE(ASY_10_an_error_code_becomes_the_exception)
{
    bench b;
    asio::steady_timer timer(b.io, steady_clock::time_point::max());
    auto f = timer.async_wait(cofu::as_future);

    timer.cancel();

    BOOST_TEST(b.run());
    BOOST_CHECK_EXCEPTION(f.result(), boost::system::system_error, [](auto const& e) {
        return e.code() == asio::error::operation_aborted;
    });
}

BOOST_AUTO_TEST_CASE(ASY_10_a_socket_gives_what_was_transferred)
{
    bench b;
    asio::local::stream_protocol::socket here(b.io), there(b.io);
    asio::local::connect_pair(here, there);
    std::array<char, 5> text{};

    auto written = asio::async_write(here, asio::buffer("hello", 5), cofu::as_future);
    cofu::future<std::size_t> read = asio::async_read(there, asio::buffer(text), cofu::as_future);

    BOOST_TEST(b.run());
    BOOST_TEST(written.result() == 5u);
    BOOST_TEST(read.result() == 5u);
}

BOOST_AUTO_TEST_CASE(ASY_10_request_stop_emits_terminal_cancellation)
{
    bench b;
    asio::local::stream_protocol::socket here(b.io), there(b.io);
    asio::local::connect_pair(here, there);
    std::array<char, 5> text{};
    auto read = here.async_read_some(asio::buffer(text), cofu::as_future);

    bool const asked = read.request_stop();

    BOOST_TEST(asked);
    BOOST_TEST(b.run());
    BOOST_CHECK_EXCEPTION(read.result(), boost::system::system_error, [](auto const& e) {
        return e.code() == asio::error::operation_aborted;
    });
}

BOOST_AUTO_TEST_CASE(ASY_10_request_stop_ends_a_coroutine)
{
    bench b;
    auto f = co_spawn(b.io, wait_for_ever(), cofu::as_future);
    b.io.poll();

    f.request_stop();

    BOOST_TEST(b.run());
    BOOST_CHECK_THROW(f.result(), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(ASY_10_a_coroutine_gives_its_value)
{
    bench b;

    cofu::future<std::unique_ptr<int>> f = co_spawn(b.io, give_pointer(), cofu::as_future);

    BOOST_TEST(b.run());
    BOOST_TEST(*std::move(f).result() == 42);
}

BOOST_AUTO_TEST_CASE(ASY_10_a_coroutine_on_a_pool_gives_its_value)
{
    cofu::thread_pool_executor pool(2);

    auto f = co_spawn(pool, give_pointer(), cofu::as_future);

    BOOST_TEST(*std::move(f).result() == 42);
}

BOOST_AUTO_TEST_CASE(ASY_10_an_exception_stays_what_it_was)
{
    bench b;

    auto f = co_spawn(b.io, fail(), cofu::as_future);

    BOOST_TEST(b.run());
    BOOST_CHECK_THROW(f.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(ASY_10_a_post_gives_a_future_of_void)
{
    bench b;

    cofu::future<void> f = asio::post(b.io, cofu::as_future);

    BOOST_TEST(!f.done());
    BOOST_TEST(b.run());
    BOOST_TEST(f.done());
}

BOOST_AUTO_TEST_CASE(ASY_10_several_values_are_a_tuple)
{
    bench b;

    cofu::future<std::tuple<int, std::string>> f =
        async_give<void(boost::system::error_code, int, std::string)>(
            b.io, cofu::as_future, boost::system::error_code(), 42, std::string("text"));

    BOOST_TEST(b.run());
    BOOST_TEST(std::get<0>(f.result()) == 42);
    BOOST_TEST(std::get<1>(f.result()) == "text");
}

BOOST_AUTO_TEST_CASE(ASY_10_a_value_without_an_error_is_the_result)
{
    bench b;

    cofu::future<int> f = async_give<void(int)>(b.io, cofu::as_future, 42);

    BOOST_TEST(b.run());
    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE(ASY_10_a_handler_destroyed_unrun_breaks_the_promise)
{
    cofu::future<void> f;
    {
        asio::io_context io;
        asio::steady_timer timer(io, steady_clock::time_point::max());
        f = timer.async_wait(cofu::as_future);
    }

    BOOST_CHECK_THROW(f.result(), cofu::broken_promise);
    BOOST_TEST(!f.request_stop());
}

BOOST_AUTO_TEST_CASE(ASY_10_a_stop_on_its_way_when_the_context_dies)
{
    cofu::future<void> f;
    {
        asio::io_context io;
        asio::steady_timer timer(io, steady_clock::time_point::max());
        f = timer.async_wait(cofu::as_future);
        f.request_stop();
    }

    BOOST_CHECK_THROW(f.result(), cofu::broken_promise);
}

BOOST_AUTO_TEST_CASE(ASY_10_its_io_executor_is_that_of_the_operation)
{
    bench b;
    asio::steady_timer timer(b.io, steady_clock::time_point::min());

    auto f = timer.async_wait(cofu::as_future);

    BOOST_TEST((f.get_executor() == asio::any_io_executor(b.io.get_executor())));
    BOOST_TEST(b.run());
}
