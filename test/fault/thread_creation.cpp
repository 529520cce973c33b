// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every thread of a pool fails to be created, for pools of 1 to 8.

#include "support/fail_nth.hpp"
#include "support/gate.hpp"
#include "support/poll.hpp"

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/exceptions.hpp>

#include <optional>
#include <stdexcept>
#include <vector>

using namespace cofu::test;
namespace data = boost::unit_test::data;

namespace {

void check(bool condition, char const* what)
{
    if (!condition)
        throw std::logic_error(what);
}

// `n` calls that all wait at a gate, submitted while threads fail; all run where one thread is.
void fill(std::size_t n, failing mode)
{
    auto const points = for_every_thread_creation(
        [&](fail_thread_creation& guard) {
            cofu::thread_pool_executor pool(n);
            gate hold;
            std::vector<cofu::future<int>> futures;
            std::size_t refused = 0;
            for (std::size_t i = 0; i < n; ++i) {
                try {
                    futures.push_back(pool.submit([&hold] {
                        hold.wait();
                        return 1;
                    }));
                } catch (boost::thread_resource_error const&) {
                    ++refused;
                    check(pool.stats().submitted == futures.size(), "a refused call was queued");
                    check(pool.stats().workers == 0, "refused although there is a worker");
                }
            }
            // Before the gate opens each call needs a thread of its own; a worker that takes a
            // call may be the one who starts the next.
            poll_until([&] { return guard.fired() || pool.stats().queued == 0; });
            hold.open();
            for (auto const& f : futures)
                check(f.result() == 1, "a call was lost");
            check(futures.size() + refused == n, "neither queued nor refused");
        },
        mode);

    BOOST_TEST(points == n);
}

}  // namespace

BOOST_DATA_TEST_CASE(TPE_04_the_kth_thread_fails, data::xrange<std::size_t>(1, 9), n)
{
    fill(n, failing::once);
}

BOOST_AUTO_TEST_CASE(TPE_04_without_any_thread_submit_throws_and_nothing_is_queued)
{
    cofu::thread_pool_executor pool(2);
    auto const argument_kept = [&] {
        fail_thread_creation const guard(1, failing::onward);
        auto argument = std::make_unique<int>(42);
        BOOST_CHECK_THROW(pool.submit([](std::unique_ptr<int>) {}, std::move(argument)),
                          boost::thread_resource_error);
        BOOST_CHECK_THROW(boost::asio::post(pool, [] {}), boost::thread_resource_error);
        return argument != nullptr;
    }();

    BOOST_TEST(argument_kept);
    BOOST_TEST(pool.stats().submitted == 0u);
    BOOST_TEST(pool.submit([] { return 42; }).result() == 42);
}

BOOST_AUTO_TEST_CASE(TPE_04_async_submit_without_any_thread_completes_with_the_error)
{
    cofu::thread_pool_executor pool(2);
    boost::asio::io_context io;
    boost::system::error_code result;

    {
        fail_thread_creation const guard(1, failing::onward);
        pool.async_submit([] {},
                          boost::asio::bind_executor(io, [&](auto ec, auto) { result = ec; }));
    }
    io.run();

    BOOST_TEST(result == boost::system::errc::resource_unavailable_try_again);
}

BOOST_DATA_TEST_CASE(TPE_04_the_threads_there_are_take_the_work, data::xrange<std::size_t>(2, 9), n)
{
    cofu::thread_pool_executor pool(n);
    std::vector<cofu::future<int>> futures;
    futures.push_back(pool.submit([] { return 1; }));
    {
        fail_thread_creation const guard(1, failing::onward);
        for (int i = 0; i < 200; ++i)
            futures.push_back(pool.submit([] { return 1; }));
        for (auto const& f : futures)
            BOOST_TEST(f.result() == 1);
    }

    BOOST_TEST(pool.stats().workers == 1u);
}

BOOST_AUTO_TEST_CASE(TPE_04_a_later_failure_is_retried_after_a_while)
{
    gate begun, hold;
    cofu::thread_pool_executor pool(2);
    gate_opener const opener(hold);
    pool.submit([&] {
        begun.open();
        hold.wait();
    });
    begun.wait();
    {
        fail_thread_creation const guard(1, failing::onward);
        auto const start = std::chrono::steady_clock::now();
        pool.submit([] {});
        pool.submit([] {});
        bool const at_once =
            std::chrono::steady_clock::now() - start < std::chrono::milliseconds(100);
        BOOST_TEST(guard.seen() >= 1u);
        BOOST_TEST((guard.seen() == 1u || !at_once));
    }

    bool const two = poll_until([&] {
        pool.submit([] {});
        return pool.stats().workers == 2;
    });

    BOOST_TEST(two);
}

BOOST_AUTO_TEST_CASE(TPE_07_without_a_timer_thread_submit_throws)
{
    cofu::thread_pool_executor pool(1);
    pool.submit([] {}).wait();
    auto const with_timeout = [&] {
        return pool.submit(cofu::task_options{.timeout = std::chrono::minutes(1)},
                           [] { return 42; });
    };

    {
        fail_thread_creation const guard(1, failing::onward);
        BOOST_CHECK_THROW(with_timeout(), std::system_error);
    }

    BOOST_TEST(with_timeout().result() == 42);
}
