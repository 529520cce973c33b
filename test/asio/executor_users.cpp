// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What Asio builds on an executor, on the pool: strands, coroutines, timers, sockets, services.

#include "support/child_case.hpp"
#include "support/gate.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::unit_test::disabled;

namespace {

// Notes when the pool shuts its services down and when it destroys them.
struct witness : asio::execution_context::service {
    using key_type = witness;
    static inline asio::execution_context::id id;

    explicit witness(asio::execution_context& c, std::vector<std::string>* l = nullptr)
        : service(c), log(l), pool(static_cast<cofu::thread_pool_executor&>(c))
    {
    }
    ~witness() { log->push_back("destroyed"); }
    void shutdown() noexcept override
    {
        log->push_back("workers " + std::to_string(pool.stats().workers));
    }

    std::vector<std::string>* log;
    cofu::thread_pool_executor& pool;
};

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_06_a_strand_on_the_pool_runs_one_at_a_time_in_order)
{
    cofu::thread_pool_executor pool(4);
    auto strand = asio::make_strand(pool);
    std::vector<int> order;  // the strand guards it

    for (int i = 0; i < 1000; ++i)
        asio::post(strand, [&order, i] { order.push_back(i); });
    asio::post(strand, asio::use_future).get();

    BOOST_TEST(order.size() == 1000u);
    BOOST_TEST(std::is_sorted(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(ASY_06_a_coroutine_runs_on_the_pool)
{
    cofu::thread_pool_executor pool(2);
    auto const coroutine = [](cofu::thread_pool_executor& p) -> asio::awaitable<int> {
        auto const e = co_await asio::this_coro::executor;
        bool const here = p.get_executor().running_in_this_thread();
        co_await asio::post(e, asio::use_awaitable);
        int const answer = co_await p.submit([] { return 42; });
        co_return here ? answer : 0;
    };

    auto f = asio::co_spawn(pool, coroutine(pool), asio::use_future);

    BOOST_TEST(f.get() == 42);
}

BOOST_AUTO_TEST_CASE(DLK_03_a_coroutine_on_a_pool_of_one_awaits_the_pools_calls)
{
    cofu::thread_pool_executor pool(1);
    auto const coroutine = [](cofu::thread_pool_executor& p) -> asio::awaitable<int> {
        int sum = 0;
        for (int i = 0; i < 100; ++i)
            sum += co_await p.submit([](int x) { return x; }, i);
        co_return sum;
    };

    auto f = asio::co_spawn(pool, coroutine(pool), asio::use_future);

    BOOST_TEST(f.get() == 4950);
}

BOOST_AUTO_TEST_CASE(ASY_06_a_timer_expires_on_the_pool)
{
    cofu::thread_pool_executor pool(1);
    asio::steady_timer timer(pool, std::chrono::milliseconds(1));
    std::promise<bool> on_pool;

    timer.async_wait([&](boost::system::error_code ec) {
        on_pool.set_value(!ec && pool.get_executor().running_in_this_thread());
    });

    BOOST_TEST(on_pool.get_future().get());
}

BOOST_AUTO_TEST_CASE(ASY_06_sockets_talk_on_the_pool)
{
    cofu::thread_pool_executor pool(2);
    tcp::acceptor acceptor(pool, {asio::ip::address_v4::loopback(), 0});
    auto const echo = [](tcp::acceptor& a) -> asio::awaitable<void> {
        auto peer = co_await a.async_accept(asio::use_awaitable);
        std::string text(5, ' ');
        co_await asio::async_read(peer, asio::buffer(text), asio::use_awaitable);
        co_await asio::async_write(peer, asio::buffer(text), asio::use_awaitable);
    };
    auto const ask = [](cofu::thread_pool_executor& p,
                        tcp::endpoint at) -> asio::awaitable<std::string> {
        tcp::socket s(p);
        co_await s.async_connect(at, asio::use_awaitable);
        std::string const question = "hello";
        co_await asio::async_write(s, asio::buffer(question), asio::use_awaitable);
        std::string answer(5, ' ');
        co_await asio::async_read(s, asio::buffer(answer), asio::use_awaitable);
        co_return answer;
    };

    auto server = asio::co_spawn(pool, echo(acceptor), asio::use_future);
    auto client = asio::co_spawn(pool, ask(pool, acceptor.local_endpoint()), asio::use_future);

    BOOST_TEST(client.get() == "hello");
    server.get();
}

BOOST_AUTO_TEST_CASE(SHD_04_a_work_guard_does_not_hold_up_the_destructor)
{
    std::unique_ptr<cofu::thread_pool_executor> pool(new cofu::thread_pool_executor(1));
    auto guard = asio::make_work_guard(*pool);
    pool->submit([] {}).wait();

    pool->shutdown();

    BOOST_TEST(pool->stats().workers == 0u);
    guard.reset();
}

BOOST_AUTO_TEST_CASE(SHD_04_the_destructor_destroys_suspended_coroutines)
{
    auto const owned = std::make_shared<int>();
    auto const sleeper = [](std::shared_ptr<int>) -> asio::awaitable<void> {
        asio::steady_timer t(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await t.async_wait(asio::use_awaitable);
    };

    {
        cofu::thread_pool_executor pool(1);
        asio::co_spawn(pool, sleeper(owned), asio::detached);
        poll_until([&] { return pool.stats().idle == 1; });
    }

    BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(SHD_05_services_are_shut_down_while_the_pool_lives)
{
    std::vector<std::string> log;

    {
        cofu::thread_pool_executor pool(1);
        asio::execution_context& context = pool;
        asio::make_service<witness>(context, &log);
        pool.submit([] {}).wait();
    }

    std::vector<std::string> const expected{"workers 0", "destroyed"};
    BOOST_TEST(log == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_posted_function_that_throws, *disabled())
{
    cofu::thread_pool_executor pool(1);
    asio::post(pool, [] { throw std::runtime_error("nobody catches this"); });
    pool.shutdown();
}

BOOST_AUTO_TEST_CASE(SHD_06_an_exception_of_a_posted_function_ends_the_program)
{
    auto const child = run_case_in_child("a_posted_function_that_throws");

    BOOST_TEST((child.signal == SIGABRT || child.exit_status != 0));
    BOOST_TEST(child.output.find("nobody catches this") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_dispatched_function_that_throws, *disabled())
{
    cofu::thread_pool_executor pool(1);
    pool.submit([&] {
        try {
            pool.get_executor().execute([] { throw std::runtime_error("nobody catches this"); });
        } catch (...) {
        }
    }).wait();
}

BOOST_AUTO_TEST_CASE(SHD_06_so_does_one_that_runs_inline)
{
    auto const child = run_case_in_child("a_dispatched_function_that_throws");

    BOOST_TEST((child.signal == SIGABRT || child.exit_status != 0));
    BOOST_TEST(child.output.find("nobody catches this") != std::string::npos);
}
