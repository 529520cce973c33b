// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every allocation of a pool's operations fails once: strong guarantee, nothing left behind, and
// the pool works afterwards.

#include "support/counted.hpp"
#include "support/fail_nth.hpp"
#include "support/sanitizers.hpp"
#include "support/gate.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/error.hpp>
#include <cofu/release_memory.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/exceptions.hpp>

#include <memory>
#include <optional>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_SUITE(allocation)

namespace {

// Told of handlers that a full memory lost.
struct silent_observer : cofu::pool_observer {
    void handler_lost(std::exception_ptr) noexcept override {}
};

int answer()
{
    return 42;
}

// Runs `act(guard)` with the first, second, ... allocation failing, each time after `prepare()` and
// before `verify(fired)`, until one run met no failure.
template <class Prepare, class Act, class Verify>
std::size_t for_every_failure(Prepare prepare, Act act, Verify verify)
{
    for (std::size_t k = 1;; ++k) {
        auto fixture = prepare();
        cofu::release_memory();  // so that a call's memory is an allocation
        bool failed = false;
        fail_allocation guard(k);
        try {
            act(*fixture);
        } catch (std::bad_alloc const&) {
            failed = true;
        } catch (boost::thread_resource_error const&) {
            failed = true;  // pthread_create allocates too
        }
        guard.disarm();
        verify(*fixture, failed);
        if (!guard.fired())
            return k - 1;
        BOOST_REQUIRE(k < 1000);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(R4_constructor)
{
    auto const points = for_every_allocation([](auto& guard) {
        cofu::thread_pool_options options;
        options.max_workers = 2;
        options.thread_name_prefix = "a prefix that needs memory of its own";
        cofu::thread_pool_executor pool(std::move(options));
        guard.disarm();
        if (pool.submit(answer).result() != 42)
            throw std::logic_error("the pool does not work");
    });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(R4_first_submit)
{
    struct fixture {
        cofu::thread_pool_executor pool{2};
        std::unique_ptr<int> argument = std::make_unique<int>(42);
        cofu::future<int> f;
    };

    auto const points = for_every_failure(
        [] { return std::make_unique<fixture>(); },
        [](fixture& x) {
            x.f = x.pool.submit([](std::unique_ptr<int> p) { return *p; }, std::move(x.argument));
        },
        [](fixture& x, bool failed) {
            BOOST_TEST(x.f.valid() == !failed);
            BOOST_TEST((x.argument != nullptr) == failed);
            BOOST_TEST(x.pool.submit(answer).result() == 42);
            x.pool.shutdown();
            BOOST_TEST(x.pool.stats().submitted == (failed ? 1u : 2u));
        });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(R4_submit_to_a_bounded_queue)
{
    struct fixture {
        gate hold;
        arrivals came;
        cofu::thread_pool_executor pool{
            cofu::thread_pool_options{.max_workers = 1, .max_queue = 1}};
        gate_opener opener{hold};
        cofu::future<int> f;
        fixture()
        {
            pool.submit([&] {
                came.arrive();
                hold.wait();
            });
            came.wait_for_count(1);
        }
    };

    auto const points = for_every_failure(
        [] { return std::make_unique<fixture>(); },
        [](fixture& x) { x.f = x.pool.submit(cofu::task_options{.name = "a call"}, answer); },
        [](fixture& x, bool failed) {
            // The place of the failed call is free.
            auto const second = x.pool.try_submit(answer);
            BOOST_TEST(second.has_value() == failed);
            x.hold.open();
        });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(R4_submit_with_a_timeout)
{
    struct fixture {
        cofu::thread_pool_executor pool{1};
        cofu::future<int> f;
    };

    auto const points = for_every_failure(
        [] { return std::make_unique<fixture>(); },
        [](fixture& x) {
            x.f = x.pool.submit(
                cofu::task_options{.name = "a name that is too long for the string itself",
                                   .timeout = std::chrono::minutes(10)},
                answer);
        },
        [](fixture& x, bool failed) {
            BOOST_TEST(x.f.valid() == !failed);
            if (!failed)
                BOOST_TEST(x.f.result() == 42);
            cofu::task_options const again{.timeout = std::chrono::minutes(10)};
            BOOST_TEST(x.pool.submit(again, answer).result() == 42);
        });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(R4_two_submits)
{
    struct fixture {
        cofu::thread_pool_executor pool{2};
    };

    auto const points = for_every_failure(
        [] { return std::make_unique<fixture>(); },
        [](fixture& x) {
            x.pool.submit([] {});
            x.pool.submit([] {});
        },
        [](fixture& x, bool) { BOOST_TEST(x.pool.submit(answer).result() == 42); });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(R4_blocking_wait)
{
    struct fixture {
        gate hold;
        cofu::thread_pool_executor pool{1};
        gate_opener opener{hold};
        cofu::future<int> f = pool.submit([this] {
            hold.wait();
            return 42;
        });
    };

    auto const points = for_every_failure(
        [] { return std::make_unique<fixture>(); },
        [](fixture& x) {
            (void)x.f.wait_for(std::chrono::milliseconds(1));
            x.hold.open();
            x.f.wait();
        },
        [](fixture& x, bool) { BOOST_TEST(x.f.result() == 42); });

    BOOST_TEST(points == 0u);  // waiting needs no memory
}

BOOST_AUTO_TEST_CASE(R4_execute)
{
    struct fixture {
        gate ran;
        cofu::thread_pool_executor pool{1};
    };

    auto const points = for_every_failure(
        [] { return std::make_unique<fixture>(); },
        [](fixture& x) { asio::post(x.pool, [&x] { x.ran.open(); }); },
        [](fixture& x, bool failed) {
            x.pool.shutdown();
            BOOST_TEST(x.ran.is_open() == !failed);
        });

    BOOST_TEST((points > 0u || !watches_malloc));
}

namespace {

struct async_fixture {
    explicit async_fixture(bool full) : is_full(full)
    {
        pool.emplace(cofu::thread_pool_options{
            .max_workers = 1, .max_queue = 1, .observer = &observer});
        pool->submit([&] {
            came.arrive();
            hold.wait();
        });
        came.wait_for_count(1);
        if (full)
            pool->submit(answer);
    }
    ~async_fixture() { hold.open(); }

    auto handler()
    {
        return asio::bind_executor(io, [this, alive = handler_alive](auto&&...) { ++completions; });
    }

    // The handler ran once, or was destroyed unrun; the pool works.
    void verify(bool failed)
    {
        hold.open();
        io.run();
        BOOST_TEST(completions <= 1);
        if (!failed && !may_lose_handler)
            BOOST_TEST(completions == 1);
        if (failed)
            BOOST_TEST(completions == 0);
        BOOST_TEST(handler_alive.use_count() == 1);
        while (!pool->try_submit(answer)) {
        }
        pool->shutdown();
        auto const s = pool->stats();
        BOOST_TEST(s.submitted == s.finished + s.failed + s.cancelled);
    }

    silent_observer observer;
    asio::io_context io{1};
    gate hold;
    arrivals came;
    std::optional<cofu::thread_pool_executor> pool;
    bool is_full;
    bool may_lose_handler = true;  // io's own allocation may be the one that failed
    int completions = 0;
    std::shared_ptr<int> handler_alive = std::make_shared<int>();
};

template <class Act>
std::size_t for_every_initiation_failure(bool full, Act act)
{
    return for_every_failure([=] { return std::make_unique<async_fixture>(full); }, act,
                             [](async_fixture& x, bool failed) { x.verify(failed); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(R4_async_submit)
{
    auto const act = [](async_fixture& x) { x.pool->async_submit(answer, x.handler()); };

    BOOST_TEST(for_every_initiation_failure(false, act) > 0u);
    BOOST_TEST(for_every_initiation_failure(true, act) > 0u);
}

BOOST_AUTO_TEST_CASE(R4_async_invoke)
{
    auto const act = [](async_fixture& x) { x.pool->async_invoke(answer, x.handler()); };

    BOOST_TEST(for_every_initiation_failure(false, act) > 0u);
    BOOST_TEST(for_every_initiation_failure(true, act) > 0u);
}

BOOST_AUTO_TEST_CASE(R4_async_result_and_callback)
{
    struct fixture {
        silent_observer observer;
        asio::io_context io{1};
        gate hold;
        cofu::thread_pool_executor pool{
            cofu::thread_pool_options{.max_workers = 1, .observer = &observer}};
        gate_opener opener{hold};
        cofu::future<int> f = pool.submit([this] {
            hold.wait();
            return 42;
        });
        std::shared_ptr<int> alive = std::make_shared<int>();
    };

    auto const points = for_every_failure(
        [] { return std::make_unique<fixture>(); },
        [](fixture& x) {
            x.f.async_result(asio::bind_executor(x.io, [alive = x.alive](auto&&...) {}));
            x.f.add_done_callback([alive = x.alive](auto const&) {});
        },
        [](fixture& x, bool) {
            x.hold.open();
            BOOST_TEST(x.f.result() == 42);
            x.pool.shutdown();
            x.io.run();
            BOOST_TEST(x.alive.use_count() == 1);
        });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(R4_shutdown_allocates_nothing)
{
    cofu::thread_pool_executor pool(2);
    for (int i = 0; i < 10; ++i)
        pool.submit(answer);

    count_allocations n;
    pool.shutdown();
    n.disarm();

    BOOST_TEST(n.seen() == 0u);
}

BOOST_AUTO_TEST_CASE(R4_completing_a_call_allocates_nothing)
{
    cofu::thread_pool_executor pool(1);
    gate hold, done;
    arrivals came;
    auto f = pool.submit([&] {
        came.arrive();
        hold.wait();
        return 42;
    });
    f.add_done_callback([&](auto const&) { done.open(); });
    came.wait_for_count(1);

    count_allocations n(watched::whole_process);
    hold.open();
    done.wait();
    n.disarm();

    BOOST_TEST(n.seen() == 0u);
}

// In a steady state a call costs no allocation: what ended calls left is used again.
BOOST_AUTO_TEST_CASE(R4_calls_in_a_steady_state_allocate_nothing)
{
    if (under_asan)
        return;  // where each block is an allocation of its own
    cofu::thread_pool_executor pool(2);
    std::vector<cofu::future<int>> futures(1000);
    auto const burst = [&] {
        for (auto& f : futures)
            f = pool.submit(answer);
        for (auto& f : futures) {
            f.wait();
            f = {};
        }
        for (int i = 0; i < 1000; ++i)
            pool.submit(answer);
        asio::post(pool, [] {});
    };
    for (int i = 0; i < 100; ++i)
        burst();

    // A slab or two may still be missing where many calls happened to wait at once.
    count_allocations n(watched::whole_process);
    for (int i = 0; i < 100; ++i)
        burst();
    n.disarm();

    BOOST_TEST(n.seen() < 100u);  // of 200,000 calls
}

BOOST_AUTO_TEST_SUITE_END()
