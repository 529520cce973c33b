// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Waits whose handler's context goes down first, or stops, or whose pool does.

#include "operations.hpp"
#include "support/gate.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

// Calls f when its last owner is destroyed.
template <class F>
std::shared_ptr<void> at_end(F f)
{
    return {nullptr, [f](void*) { f(); }};
}

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_07_a_context_that_dies_first_destroys_its_handlers_unrun)
{
    std::vector<cofu::promise<int>> promises(1000);
    int ran = 0, destroyed = 0;
    {
        asio::io_context io;
        for (auto& p : promises) {
            auto handler = [&ran, end = at_end([&] { ++destroyed; })](std::exception_ptr, int) {
                ++ran;
            };
            p.get_future()(asio::bind_executor(io, std::move(handler)));
        }
    }
    int const destroyed_with_the_context = destroyed;

    for (auto& p : promises)
        p.set_result(42);

    BOOST_TEST(destroyed_with_the_context == 1000);
    BOOST_TEST(ran == 0);
}

BOOST_AUTO_TEST_CASE(ASY_07_the_same_for_each_operation)
{
    gate hold;
    int destroyed = 0, ran = 0;
    bench b;
    {
        cofu::thread_pool_executor pool({.max_workers = 1, .max_queue = 1});
        gate_opener opener(hold);
        arrivals came;
        pool.submit([&] {
            came.arrive();
            hold.wait();
        });
        came.wait_for_count(1);
        auto queued = pool.submit([] { return 42; });
        asio::io_context io;
        auto const handler = [&] {
            return asio::bind_executor(
                io, [&ran, end = at_end([&] { ++destroyed; })](auto const&...) { ++ran; });
        };
        queued(handler());
        queued.async_wait(handler());
        pool.async_submit([] { return 42; }, handler());
        pool.async_invoke([] { return 42; }, handler());
        pool.async_shutdown(handler());
    }

    BOOST_TEST(destroyed == 5);
    BOOST_TEST(ran == 0);
}

BOOST_AUTO_TEST_CASE(ASY_07_handlers_that_were_posted_die_with_the_context_too)
{
    int destroyed = 0, ran = 0;
    {
        asio::io_context io;
        cofu::promise<int> p;
        auto handler = [&ran, end = at_end([&] { ++destroyed; })](std::exception_ptr, int) {
            ++ran;
        };
        p.get_future()(asio::bind_executor(io, std::move(handler)));
        p.set_result(42);
    }

    BOOST_TEST(destroyed == 1);
    BOOST_TEST(ran == 0);
}

BOOST_AUTO_TEST_CASE(ASY_07_a_handler_destroyed_by_its_context_may_start_another_wait)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    int ran = 0, destroyed = 0;
    {
        asio::io_context io;
        auto const again = [&] {
            ++destroyed;
            f(asio::bind_executor(io, [&ran, end = at_end([&] { ++destroyed; })](
                                          std::exception_ptr, int) { ++ran; }));
        };
        f(asio::bind_executor(io, [&ran, end = at_end(again)](std::exception_ptr, int) { ++ran; }));
    }

    p.set_result(42);

    BOOST_TEST(destroyed == 2);
    BOOST_TEST(ran == 0);
}

BOOST_AUTO_TEST_CASE(ASY_07_the_first_wait_may_be_started_while_its_context_goes_down)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    int ran = 0, destroyed = 0;
    {
        asio::io_context io;
        auto const start = [&] {
            f(asio::bind_executor(io, [&ran, end = at_end([&] { ++destroyed; })](
                                          std::exception_ptr, int) { ++ran; }));
        };
        // A function that the context destroys; it has had no wait of ours before.
        asio::post(io, [end = at_end(start)] {});
    }

    p.set_result(42);

    BOOST_TEST(destroyed == 1);
    BOOST_TEST(ran == 0);
}

BOOST_AUTO_TEST_CASE(ASY_07_a_stopped_context_delivers_when_it_is_restarted)
{
    bench b;
    record seen;
    b.io.stop();

    auto f = b.pool.submit([] { return 42; });
    f.async_result(asio::bind_executor(b.io, recorder<sample<int>>{&seen}));
    f.wait();

    BOOST_TEST(b.io.poll() == 0u);
    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 1);
}

BOOST_AUTO_TEST_CASE(ASY_07_a_pool_that_dies_before_the_context_has_delivered)
{
    asio::io_context io;
    record seen;
    {
        cofu::thread_pool_executor pool(1);
        for (int i = 0; i < 100; ++i)
            pool.submit([] { return 42; })(asio::bind_executor(io, recorder<sample<int>>{&seen}));
    }

    io.run();

    BOOST_TEST(seen.runs == 100);
    BOOST_TEST(seen.right == 100);
}

BOOST_AUTO_TEST_CASE(ASY_07_erased_handlers_outlive_the_pool)
{
    asio::io_context io;
    record seen;
    {
        cofu::thread_pool_executor pool(1);
        for (int i = 0; i < 100; ++i) {
            asio::any_completion_handler<void(std::exception_ptr, int)> handler(
                asio::bind_executor(io, recorder<sample<int>>{&seen}));
            pool.submit([] { return 42; })(std::move(handler));
        }
    }

    io.run();

    BOOST_TEST(seen.runs == 100);
    BOOST_TEST(seen.right == 100);
}

BOOST_AUTO_TEST_CASE(ASY_07_a_pool_is_a_context_too)
{
    cofu::promise<int> p;
    int ran = 0, destroyed = 0;
    {
        cofu::thread_pool_executor pool(1);
        p.get_future()(asio::bind_executor(pool, [&ran, end = at_end([&] { ++destroyed; })](
                                                     std::exception_ptr, int) { ++ran; }));
    }
    int const destroyed_with_the_pool = destroyed;

    p.set_result(42);

    BOOST_TEST(destroyed_with_the_pool == 1);
    BOOST_TEST(ran == 0);
}

BOOST_AUTO_TEST_CASE(ASY_07_a_thread_pool_of_asio_runs_handlers)
{
    std::atomic<int> ran = 0;
    asio::thread_pool threads(2);
    cofu::thread_pool_executor pool(2);
    for (int i = 0; i < 200; ++i)
        pool.submit([] { return 42; })(
            asio::bind_executor(threads, [&](std::exception_ptr, int v) { ran += v == 42; }));

    threads.join();

    BOOST_TEST(ran.load() == 200);
}
