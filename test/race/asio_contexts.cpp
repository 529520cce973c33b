// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Contexts that go down while calls complete on other threads.

#include "support/gate.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/promise.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

constexpr std::size_t batch = 50;

// A handler that counts its runs and its destruction.
struct counting_handler {
    std::atomic<std::size_t>* ran;
    std::shared_ptr<void> end;

    template <class... A>
    void operator()(A const&...) const
    {
        ++*ran;
    }
};

counting_handler make_handler(std::atomic<std::size_t>& ran, std::atomic<std::size_t>& destroyed)
{
    return {&ran, {nullptr, [&destroyed](void*) { ++destroyed; }}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_07_a_context_goes_down_while_promises_are_kept,
                     *time_limit(60))
{
    auto const rounds = std::max<std::size_t>(1, scaled(100'000) / batch);
    std::atomic<std::size_t> ran = 0, destroyed = 0;
    for (std::size_t i = 0; i < rounds; ++i) {
        std::vector<cofu::promise<int>> promises(batch);
        std::optional<asio::io_context> io(1);
        for (auto& p : promises)
            p.get_future()(asio::bind_executor(*io, make_handler(ran, destroyed)));
        std::atomic<bool> go = false;
        std::thread other([&] {
            while (!go)
                std::this_thread::yield();
            for (auto& p : promises)
                p.set_result(42);
        });

        go = true;
        io.reset();
        other.join();
    }

    BOOST_TEST(ran.load() == 0u);
    BOOST_TEST(destroyed.load() == rounds * batch);
}

BOOST_AUTO_TEST_CASE(ASY_07_a_context_goes_down_while_a_pool_works, *time_limit(60))
{
    auto const rounds = std::max<std::size_t>(1, scaled(50'000) / batch);
    std::atomic<std::size_t> ran = 0, destroyed = 0;
    cofu::thread_pool_executor pool({.max_workers = 2, .max_queue = 10});
    for (std::size_t i = 0; i < rounds; ++i) {
        asio::io_context io(1);
        for (std::size_t k = 0; k < batch; k += 5) {
            auto const f = pool.try_submit([] { return 42; });
            if (f) {
                (*f)(asio::bind_executor(io, make_handler(ran, destroyed)));
                f->async_wait(asio::bind_executor(io, make_handler(ran, destroyed)));
            } else {
                destroyed += 2;
            }
            pool.async_submit([] { return 42; },
                              asio::bind_executor(io, make_handler(ran, destroyed)));
            pool.async_invoke([] { return 42; },
                              asio::bind_executor(io, make_handler(ran, destroyed)));
            pool.async_invoke([](std::stop_token) { return 42; },
                              asio::bind_executor(io, make_handler(ran, destroyed)));
        }
        if (i % 2)
            io.poll();
    }
    pool.shutdown();

    BOOST_TEST(destroyed.load() == rounds * batch);
}
