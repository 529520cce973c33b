// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Several completions that an io_context delivers together: as if each had been posted.

#include "support/gate.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/io_poll.hpp>
#include <cofu/promise.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

using promises = std::vector<cofu::promise<int>>;

// Waits for each on the io_context, and then keeps them in order, so that they are delivered
// together.
template <class Handler>
void keep_all(asio::io_context& io, promises& all, Handler handler)
{
    for (int i = 0; auto& p : all) {
        p.get_future()(asio::bind_executor(
            io, [handler, i](std::exception_ptr, int value) mutable { handler(i, value); }));
        ++i;
    }
    for (auto& p : all)
        p.set_result(42);
}

std::vector<int> numbers(int from, int to)
{
    std::vector<int> all(static_cast<std::size_t>(to - from));
    std::iota(all.begin(), all.end(), from);
    return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(R7_handlers_run_in_the_order_of_completion)
{
    asio::io_context io;
    promises all(200);
    std::vector<int> order;

    keep_all(io, all, [&](int i, int value) { order.push_back(value == 42 ? i : -1); });
    io.run();

    BOOST_TEST(order == numbers(0, 200), boost::test_tools::per_element());
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE(R7_a_handler_that_throws_holds_up_no_other)
{
    asio::io_context io;
    promises all(100);
    std::vector<int> order;
    keep_all(io, all, [&](int i, int) {
        order.push_back(i);
        if (i % 10 == 3)
            throw std::runtime_error("thrown by a handler");
    });

    int thrown = 0;
    while (!io.stopped()) {
        try {
            io.run();
        } catch (std::runtime_error const&) {
            ++thrown;
        }
    }

    BOOST_TEST(thrown == 10);
    BOOST_TEST(order == numbers(0, 100), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ASY_02_run_returns_when_the_last_handler_threw)
{
    asio::io_context io;
    promises all(1);
    keep_all(io, all, [](int, int) { throw std::runtime_error("thrown by a handler"); });

    BOOST_CHECK_THROW(io.run(), std::runtime_error);
    io.run();

    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE(R7_a_handler_that_runs_the_io_context_gets_the_others)
{
    asio::io_context io;
    promises all(3);
    promises late(1);
    std::vector<int> order;
    late[0].get_future()(
        asio::bind_executor(io, [&](std::exception_ptr, int) { order.push_back(3); }));

    keep_all(io, all, [&](int i, int) {
        order.push_back(i);
        if (i != 0)
            return;
        while (order.size() < 3)
            io.run_one();
        late[0].set_result(42);
        while (order.size() < 4)
            io.run_one();
    });
    io.run();

    BOOST_TEST(order == numbers(0, 4), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(R7_a_handler_that_blocks_holds_up_no_other_thread, *time_limit(60))
{
    for (std::size_t round = 0; round < std::max<std::size_t>(1, scaled(200)); ++round) {
        asio::io_context io;
        promises all(8);
        gate last;
        std::atomic<int> ran = 0;
        keep_all(io, all, [&](int, int) {
            if (++ran == 2)
                last.open();
            last.wait();
        });

        std::thread other([&] { io.run(); });
        io.run();
        other.join();

        BOOST_TEST(ran.load() == 8);
    }
}

BOOST_AUTO_TEST_CASE(R7_a_chain_of_ready_futures_gives_way_to_others)
{
    asio::io_context io;
    cofu::promise<int> p;
    auto const f = p.get_future();
    p.set_result(42);
    int delivered = 0;
    bool has_run = false;
    std::function<void()> const next = [&] {
        f(asio::bind_executor(io, [&](std::exception_ptr, int) {
            if (++delivered == 1)
                asio::post(io, [&] { has_run = true; });
            if (!has_run && delivered < 1'000'000)
                next();
        }));
    };

    next();
    io.run();

    BOOST_TEST(has_run);
    BOOST_TEST(delivered < 1'000);
}

BOOST_AUTO_TEST_CASE(ASY_07_what_a_thrown_exception_left_dies_with_the_context)
{
    promises all(10);
    std::vector<int> order;
    auto const alive = std::make_shared<int>();
    {
        asio::io_context io;
        keep_all(io, all, [&, alive](int i, int) {
            order.push_back(i);
            throw std::runtime_error("thrown by a handler");
        });
        BOOST_CHECK_THROW(io.run(), std::runtime_error);
    }

    BOOST_TEST(order == numbers(0, 1), boost::test_tools::per_element());
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(ASY_02_one_io_context_after_the_other_at_the_same_address)
{
    cofu::thread_pool_executor pool(1);
    int ran = 0;
    for (int i = 0; i < 100; ++i) {
        asio::io_context io;
        pool.submit([] { return 42; })(
            asio::bind_executor(io, [&](std::exception_ptr, int) { ++ran; }));
        if (i % 2)
            io.run();
    }

    BOOST_TEST(ran == 50);
}

BOOST_AUTO_TEST_CASE(ASY_02_several_threads_and_io_contexts, *time_limit(60))
{
    cofu::thread_pool_executor pool(2);
    auto const each = std::max<std::size_t>(10, scaled(2'000));
    std::atomic<std::size_t> sum = 0;
    auto const go = [&](std::size_t n) -> asio::awaitable<void> {
        for (std::size_t i = 0; i < n; ++i)
            sum += co_await pool.submit([] { return 1u; });
    };
    asio::io_context first(1), second;
    for (int i = 0; i < 8; ++i) {
        asio::co_spawn(first, go(each), [](std::exception_ptr) {});
        asio::co_spawn(second, go(each), [](std::exception_ptr) {});
    }

    std::thread others[] = {std::thread([&] { second.run(); }), std::thread([&] { second.run(); })};
    first.run();
    for (auto& t : others)
        t.join();

    BOOST_TEST(sum.load() == 16 * each);
}

BOOST_AUTO_TEST_CASE(ASY_02_a_call_that_takes_long_is_waited_for)
{
    cofu::thread_pool_executor pool(1);
    asio::io_context io;
    gate hold;
    int ran = 0;
    auto const go = [&]() -> asio::awaitable<void> {
        ran += co_await pool.submit([] { return 1; });
        ran += co_await pool.submit([&] {
            hold.wait();
            return 1;
        });
    };
    asio::co_spawn(io, go(), [](std::exception_ptr) {});
    bool was_running = false;
    std::thread other([&] {
        // The delivery of the first result, a poll for the second, and the end of that poll.
        was_running = poll_until([&] { return pool.stats().running == 1; });
        hold.open();
    });

    io.run();
    other.join();

    BOOST_TEST(was_running);
    BOOST_TEST(ran == 2);
}

namespace {

// What is ready in an io_context that has delivered one result and waits for another.
std::size_t ready_while_one_waits(cofu::io_poll how)
{
    asio::io_context io(1);
    cofu::set_io_poll(io, how);
    promises all(2);
    int ran = 0;
    for (auto& p : all)
        p.get_future()(asio::bind_executor(io, [&](std::exception_ptr, int) { ++ran; }));
    all[0].set_result(42);
    io.run_one();
    BOOST_TEST(ran == 1);

    auto const ready = io.poll();
    all[1].set_result(42);
    io.run();
    BOOST_TEST(ran == 2);
    return ready;
}

// What is ready in an io_context where a handler has begun to wait for the first result.
std::size_t ready_when_one_begins_to_wait(cofu::io_poll how)
{
    asio::io_context io(1);
    cofu::set_io_poll(io, how);
    cofu::promise<int> p;
    int ran = 0;
    asio::post(io, [&] {
        p.get_future()(asio::bind_executor(io, [&](std::exception_ptr, int) { ++ran; }));
    });
    io.run_one();

    auto const ready = io.poll();
    p.set_result(42);
    io.run();
    BOOST_TEST(ran == 1);
    return ready;
}

}  // namespace

BOOST_AUTO_TEST_CASE(TPE_05_a_poll_ends)
{
    BOOST_TEST(ready_while_one_waits(cofu::io_poll::adaptive) > 0u);
    BOOST_TEST(ready_when_one_begins_to_wait(cofu::io_poll::adaptive) > 0u);
}

BOOST_AUTO_TEST_CASE(TPE_05_a_poll_can_be_turned_off)
{
    BOOST_TEST(ready_while_one_waits(cofu::io_poll::never) == 0u);
    BOOST_TEST(ready_when_one_begins_to_wait(cofu::io_poll::never) == 0u);
}

BOOST_AUTO_TEST_CASE(R7_what_handlers_complete_is_delivered_in_order)
{
    asio::io_context io(1);
    std::vector<cofu::promise<int>> all(200);
    std::vector<std::size_t> order;
    auto const complete = [&](std::size_t i) {
        if (i < all.size())
            all[i].set_result(42);
    };
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].get_future()(asio::bind_executor(io, [&, i](std::exception_ptr, int) {
            order.push_back(i);
            complete(2 * i + 1);
            complete(2 * i + 2);
        }));

    complete(0);
    io.run();

    BOOST_TEST(order.size() == all.size());
    BOOST_TEST(std::ranges::is_sorted(order));
}

BOOST_AUTO_TEST_CASE(R7_a_handler_that_runs_the_io_context_gets_what_it_completes)
{
    asio::io_context io;
    std::vector<cofu::promise<int>> all(20);
    std::size_t ran = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].get_future()(asio::bind_executor(io, [&, i](std::exception_ptr, int) {
            ++ran;
            for (auto const next : {2 * i + 1, 2 * i + 2})
                if (next < all.size())
                    all[next].set_result(42);
            while (ran < std::min(2 * i + 2, all.size()) && io.run_one() != 0) {
            }
        }));

    all[0].set_result(42);
    io.run();

    BOOST_TEST(ran == all.size());
}

BOOST_AUTO_TEST_CASE(TPE_05_polls_that_find_nothing_become_rare)
{
    asio::io_context io(1);
    cofu::promise<int> never_done;
    never_done.get_future()(asio::bind_executor(io, [](std::exception_ptr, int) {}));
    int polled = 0;

    for (int i = 0; i < 1'000; ++i) {
        cofu::promise<int> p;
        p.get_future()(asio::bind_executor(io, [](std::exception_ptr, int) {}));
        p.set_result(42);
        io.run_one();
        polled += io.poll() != 0;
    }

    BOOST_TEST(polled > 0);
    BOOST_TEST(polled < 20);
}

BOOST_AUTO_TEST_CASE(TPE_05_no_poll_where_several_threads_run_the_io_context)
{
    asio::io_context io;
    std::vector<cofu::promise<int>> all(3);
    for (auto& p : all)
        p.get_future()(asio::bind_executor(io, [](std::exception_ptr, int) {}));

    all[0].set_result(42);
    std::thread([&] { io.run_one(); }).join();
    all[1].set_result(42);
    while (io.poll() == 0) {
    }
    auto const ready = io.poll();

    BOOST_TEST(ready == 0u);
}
