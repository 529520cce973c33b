// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// No wake-up is lost: a ball goes to and fro, and every call is taken.

#include "support/gate.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sched.h>

using namespace cofu::test;

namespace {

constexpr std::chrono::seconds long_limit(280);

// Two pools throw a ball `trips` times each way: ten million throws are 5e6 trips.
struct players {
    players(std::size_t workers, std::size_t t) : trips(t), left(workers), right(workers) {}

    void to_right()
    {
        right.submit([this] { to_left(); });
    }
    void to_left()
    {
        left.submit([this] {
            if (++done == trips)
                over.open();
            else
                to_right();
        });
    }

    std::size_t const trips;
    std::size_t done = 0;  // touched by whoever has the ball
    gate over;
    cofu::thread_pool_executor left, right;
};

// All threads that are started from now on share one processor, as under `taskset -c 0`.
class one_processor {
public:
    one_processor()
    {
        BOOST_REQUIRE(pthread_getaffinity_np(pthread_self(), sizeof before_, &before_) == 0);
        int first = 0;
        while (!CPU_ISSET(first, &before_))
            ++first;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        BOOST_REQUIRE(pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0);
    }
    ~one_processor() { pthread_setaffinity_np(pthread_self(), sizeof before_, &before_); }
    one_processor(one_processor const&) = delete;
    one_processor& operator=(one_processor const&) = delete;

private:
    cpu_set_t before_;
};

}  // namespace

BOOST_TEST_DECORATOR(*time_limit(300))
BOOST_AUTO_TEST_SUITE(wake_up)

BOOST_AUTO_TEST_CASE(TPE_01_calls_and_waits_of_one_thread)
{
    cofu::thread_pool_executor pool(2);
    std::size_t const trips = scaled(1'000'000);
    std::size_t sum = 0;

    for (std::size_t i = 0; i < trips; ++i)
        sum += pool.submit([] { return std::size_t(1); }).result();

    BOOST_TEST(sum == trips);
}

BOOST_AUTO_TEST_CASE(TPE_01_a_ball_between_pools_of_one)
{
    players game(1, scaled(5'000'000));

    game.to_right();

    BOOST_TEST(game.over.try_wait(long_limit));
}

BOOST_AUTO_TEST_CASE(TPE_01_a_ball_between_pools_of_one_on_one_processor)
{
    one_processor const here;
    players game(1, scaled(5'000'000));

    game.to_right();

    BOOST_TEST(game.over.try_wait(long_limit));
}

BOOST_AUTO_TEST_CASE(TPE_01_a_ball_between_pools_of_three)
{
    players game(3, scaled(300'000));

    game.to_right();

    BOOST_TEST(game.over.try_wait(long_limit));
}

BOOST_AUTO_TEST_CASE(TPE_01_a_ball_between_pools_whose_workers_leave)
{
    cofu::thread_pool_executor pool(cofu::thread_pool_options{
        .max_workers = 2, .idle_timeout = std::chrono::microseconds(20)});
    std::size_t const trips = scaled(50'000);
    std::size_t sum = 0;

    for (std::size_t i = 0; i < trips; ++i) {
        sum += pool.submit([] { return std::size_t(1); }).result();
        for (std::size_t spins = i % 64 * 20; spins != 0; --spins)
            std::atomic_signal_fence(std::memory_order_seq_cst);
    }

    BOOST_TEST(sum == trips);
}

BOOST_AUTO_TEST_CASE(TPE_01_all_workers_are_woken)
{
    constexpr std::size_t workers = 4;
    cofu::thread_pool_executor pool(workers);
    std::size_t const rounds = scaled(20'000);
    rng random;
    std::size_t met = 0;

    for (std::size_t r = 0; r < rounds; ++r) {
        // Each set of calls ends only if all of them run at the same time.
        rendezvous all(workers);
        std::vector<cofu::future<void>> futures;
        bool const from_worker = random.once_in(2);
        auto const submit_all = [&] {
            for (std::size_t i = from_worker; i < workers; ++i)
                futures.push_back(pool.submit([&all] { all.arrive_and_wait(long_limit); }));
        };
        if (from_worker)
            pool.submit([&] {
                submit_all();
                all.arrive_and_wait(long_limit);
            }).wait();
        else
            submit_all();
        for (auto const& f : futures)
            f.wait();
        ++met;
    }

    BOOST_TEST(met == rounds);
}

BOOST_AUTO_TEST_CASE(TPE_01_many_submitters)
{
    cofu::thread_pool_executor pool(3);
    std::size_t const each = scaled(100'000);
    std::atomic<std::size_t> ran{0};
    std::vector<std::thread> threads;

    for (int t = 0; t < 3; ++t)
        threads.emplace_back([&] {
            for (std::size_t i = 0; i < each; ++i) {
                auto const f = pool.submit([&ran] { ran.fetch_add(1, std::memory_order_relaxed); });
                if (i % 16 == 0)
                    f.wait();
            }
        });
    for (auto& t : threads)
        t.join();
    pool.shutdown();

    BOOST_TEST(ran == 3 * each);
}

BOOST_AUTO_TEST_SUITE_END()
