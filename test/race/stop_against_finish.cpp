// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// FUT-13: a stop that meets the end of its call never interrupts another one.

#include <cofu/thread_pool_executor.hpp>

#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <cstddef>
#include <stop_token>
#include <thread>

using namespace cofu::test;

namespace {

// Short of different length, so that the stop meets every moment of a call.
void work(unsigned turns)
{
    for (unsigned volatile i = 0; i < turns;)
        i = i + 1;
}

bool is_interrupted()
{
    bool const requested = boost::this_thread::interruption_requested();
    try {
        boost::this_thread::interruption_point();
    } catch (boost::thread_interrupted const&) {
        return true;
    }
    return requested;
}

struct pair {
    cofu::future<void> target;
    cofu::future<bool> next;
};

// Each target is asked to stop as soon as it runs; returns how many of the others were interrupted.
template <class Target>
std::size_t leaks(std::size_t rounds, Target target)
{
    cofu::thread_pool_executor pool(1);
    rng random;
    std::size_t interrupted = 0;
    for (std::size_t i = 0; i < rounds; ++i) {
        auto const turns = unsigned(random.below(200));
        pair const p{pool.submit(target, turns), pool.submit(is_interrupted)};
        auto f = p.target;
        for (int spins = 0; f.state() == cofu::future_state::pending && spins < 10'000; ++spins)
            std::this_thread::yield();
        if (f.state() != cofu::future_state::pending)
            f.request_stop();
        interrupted += p.next.result();
    }
    return interrupted;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stop_against_finish, *time_limit(120))

BOOST_AUTO_TEST_CASE(FUT_13_no_interruption_reaches_the_next_call)
{
    BOOST_TEST(leaks(scaled(100'000), [](unsigned turns) { work(turns); }) == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_13_none_that_was_consumed_reaches_it_either)
{
    auto const consuming = [](unsigned turns) {
        work(turns);
        boost::this_thread::interruption_point();
        work(turns);
    };

    BOOST_TEST(leaks(scaled(100'000), consuming) == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_13_nor_with_a_stop_token)
{
    auto const with_token = [](std::stop_token token, unsigned turns) {
        if (!token.stop_requested())
            work(turns);
    };

    BOOST_TEST(leaks(scaled(50'000), with_token) == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_13_who_is_interrupted_finds_the_token_stopped)
{
    cofu::thread_pool_executor pool(1);
    auto const sleeping = [](std::stop_token token) {
        try {
            boost::this_thread::sleep_for(boost::chrono::hours(1));
        } catch (boost::thread_interrupted const&) {
        }
        return token.stop_requested();
    };
    std::size_t unstopped = 0;

    for (std::size_t i = 0; i < scaled(50'000); ++i) {
        auto f = pool.submit(sleeping);
        while (f.state() == cofu::future_state::pending)
            std::this_thread::yield();
        f.request_stop();
        unstopped += !f.result();
    }

    BOOST_TEST(unstopped == 0u);
}

// Addresses of freed calls are used again: a late stop must not find the new call by the old one's.
BOOST_AUTO_TEST_CASE(FUT_13_stops_of_many_calls_on_many_workers_meet_their_own_only)
{
    cofu::thread_pool_executor pool(3);
    std::atomic<bool> over{false};
    std::atomic<std::size_t> leaked{0};
    std::thread innocent([&] {
        while (!over)
            leaked += pool.submit(is_interrupted).result();
    });

    for (std::size_t i = 0; i < scaled(50'000); ++i) {
        auto f = pool.submit([] { work(50); });
        f.request_stop();
    }
    over = true;
    innocent.join();

    BOOST_TEST(leaked.load() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
