// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A pool that ends while others use it.

#include "support/gate.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/error.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds long_limit(200);

// Threads that do `work(index)` once a round, all at the same time as the caller of `round`.
template <class Work>
class crew {
public:
    crew(std::size_t n, Work work) : work_(std::move(work)), meeting_(n + 1)
    {
        for (std::size_t i = 0; i < n; ++i)
            threads_.emplace_back([this, i] {
                for (;;) {
                    meeting_.arrive_and_wait(long_limit);
                    if (over_)
                        return;
                    work_(i);
                    meeting_.arrive_and_wait(long_limit);
                }
            });
    }
    ~crew()
    {
        over_ = true;
        meeting_.arrive_and_wait(long_limit);
        for (auto& t : threads_)
            t.join();
    }

    template <class F>
    void round(F meanwhile)
    {
        meeting_.arrive_and_wait(long_limit);
        meanwhile();
        meeting_.arrive_and_wait(long_limit);
    }

private:
    Work work_;
    rendezvous meeting_;
    bool over_ = false;  // written before a meeting, read after it
    std::vector<std::thread> threads_;
};

}  // namespace

BOOST_TEST_DECORATOR(*time_limit(200))
BOOST_AUTO_TEST_SUITE(pool_shutdown)

BOOST_AUTO_TEST_CASE(R1_submit_against_shutdown)
{
    constexpr std::size_t threads = 8;
    std::optional<cofu::thread_pool_executor> pool;
    std::vector<cofu::future<int>> futures[threads];
    std::atomic<int> wrong_errors{0};
    auto const submit = [&](std::size_t self) {
        try {
            for (int i = 0; i < 20; ++i)
                futures[self].push_back(pool->submit([i] { return i; }));
        } catch (cofu::shut_down_error const&) {
        } catch (...) {
            ++wrong_errors;
        }
    };
    crew submitters(threads, submit);
    std::size_t unfinished = 0, lost = 0;
    rng random;

    for (std::size_t r = 0; r < scaled(10'000); ++r) {
        pool.emplace(1 + r % 4);
        bool const cancel = random.once_in(2);
        bool const warm = random.once_in(2);
        if (warm)
            pool->submit([] {}).wait();
        submitters.round([&] {
            for (auto spins = random.below(2000); spins != 0; --spins)
                std::atomic_signal_fence(std::memory_order_seq_cst);
            pool->shutdown({.cancel_futures = cancel});
        });
        std::size_t accepted = warm;
        for (auto& fs : futures) {
            for (auto const& f : fs)
                unfinished += !f.done();
            accepted += fs.size();
            fs.clear();
        }
        auto const s = pool->stats();
        lost += s.finished + s.cancelled != s.submitted || s.submitted < accepted;
        pool.reset();
    }

    BOOST_TEST(unfinished == 0u);
    BOOST_TEST(lost == 0u);
    BOOST_TEST(wrong_errors == 0);
}

BOOST_AUTO_TEST_CASE(R1_submit_against_shutdown_with_idle_timeout)
{
    std::optional<cofu::thread_pool_executor> pool;
    std::atomic<int> unfinished{0};
    auto const submit = [&](std::size_t) {
        try {
            for (int i = 0; i < 5; ++i)
                pool->submit([] {}).wait();
        } catch (cofu::shut_down_error const&) {
        }
    };
    crew submitters(2, submit);

    for (std::size_t r = 0; r < scaled(2'000); ++r) {
        pool.emplace(cofu::thread_pool_options{
            .max_workers = 2, .idle_timeout = std::chrono::microseconds(r % 50)});
        submitters.round([&] {
            pool->submit([] {}).wait();
            pool->shutdown();
            unfinished += pool->stats().workers != 0;
        });
    }

    BOOST_TEST(unfinished == 0);
}

BOOST_AUTO_TEST_CASE(SHD_01_shutdowns_at_once)
{
    std::optional<cofu::thread_pool_executor> pool;
    std::atomic<int> wrong{0};
    auto const shut = [&](std::size_t self) {
        pool->shutdown({.wait = self != 0, .cancel_futures = self == 1});
        wrong += self != 0 && pool->stats().workers != 0;
    };
    crew others(4, shut);

    for (std::size_t r = 0; r < scaled(2'000); ++r) {
        pool.emplace(3);
        std::atomic<bool> go{false};
        cofu::future<void> inside;
        for (int i = 0; i < 5; ++i)
            inside = pool->submit([&p = *pool, &go] {
                while (!go)
                    std::this_thread::yield();
                p.shutdown();
            });
        others.round([&] {
            go = true;
            pool->shutdown();
        });
        wrong += !inside.done();
        go = true;
        pool.reset();
    }

    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(SHD_01_each_of_two_shutdowns_waits_for_the_thread_itself)
{
    static std::atomic<int> inside, gone;
    struct slow_end {
        ~slow_end()
        {
            for (int turns = 0; inside < 2 || turns < 1'000; ++turns)
                std::this_thread::yield();
            ++gone;
        }
    };
    std::optional<cofu::thread_pool_executor> pool;
    std::atomic<std::size_t> early{0};
    auto const shut_down = [&](std::size_t) {
        ++inside;
        pool->shutdown();
        early += gone == 0;
    };
    crew second(1, shut_down);

    for (std::size_t r = 0; r < scaled(200); ++r) {
        inside = gone = 0;
        pool.emplace(1);
        pool->submit([] { [[maybe_unused]] thread_local slow_end end; }).wait();
        second.round([&] { shut_down(0); });
        pool.reset();
    }

    BOOST_TEST(early == 0u);
}

BOOST_AUTO_TEST_CASE(SHD_01_async_shutdown_against_the_last_call)
{
    std::size_t completed = 0;
    std::size_t const rounds = scaled(2'000);

    for (std::size_t r = 0; r < rounds; ++r) {
        asio::io_context io{1};
        cofu::thread_pool_executor pool(2);
        pool.submit([] {});
        pool.submit([] {});
        pool.async_shutdown({.cancel_futures = r % 2 == 0},
                            asio::bind_executor(io, [&](auto...) { ++completed; }));
        io.run();
    }

    BOOST_TEST(completed == rounds);
}

BOOST_AUTO_TEST_CASE(R8_a_pool_is_destroyed_in_its_own_call)
{
    std::atomic<std::size_t> right{0};
    std::size_t const rounds = scaled(1'000);

    for (std::size_t r = 0; r < rounds; ++r) {
        auto pool = std::make_unique<cofu::thread_pool_executor>(1 + r % 3);
        auto& raw = *pool;
        cofu::future<int> other = raw.submit([] { return 1; });
        gate start;
        auto f = raw.submit([p = std::move(pool), &start]() mutable {
            start.wait();
            cofu::future<int> inner = p->submit([] { return 2; });
            p.reset();
            return inner.done() ? inner.result() : 0;
        });
        start.open();
        right += f.result() + other.result() == 3;
    }

    BOOST_TEST(right == rounds);
}

BOOST_AUTO_TEST_CASE(R8_a_pool_is_destroyed_in_a_callback)
{
    std::size_t const rounds = scaled(1'000);
    std::size_t destroyed = 0;

    for (std::size_t r = 0; r < rounds; ++r) {
        auto pool = std::make_unique<cofu::thread_pool_executor>(1 + r % 3);
        auto const gone = std::make_shared<gate>();
        auto f = pool->submit([] {});
        f.add_done_callback([p = std::move(pool), gone](auto const&) mutable {
            p.reset();
            gone->open();
        });
        destroyed += gone->try_wait();
    }

    BOOST_TEST(destroyed == rounds);
}

BOOST_AUTO_TEST_CASE(SHD_04_the_last_work_ends_against_shutdown)
{
    std::optional<cofu::thread_pool_executor> pool;
    std::optional<asio::executor_work_guard<cofu::thread_pool_executor::executor_type>> work;
    auto const release = [&](std::size_t) { work.reset(); };
    crew releaser(1, release);

    for (std::size_t r = 0; r < scaled(2'000); ++r) {
        pool.emplace(2);
        work.emplace(pool->get_executor());
        if (r % 2)
            pool->submit([] {});
        releaser.round([&] {
            pool->shutdown({.wait_for_work = true});
            pool.reset();
        });
    }

    BOOST_TEST(!pool.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
