// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/gate.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace cofu::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(support_gate)

BOOST_AUTO_TEST_CASE(gate_lets_waiters_through_once_open)
{
    gate entry;
    arrivals through;
    std::thread waiter([&] { entry.wait(), through.arrive(); });

    BOOST_TEST(!entry.is_open());
    BOOST_TEST(through.count() == 0u);
    entry.open();
    through.wait_for_count(1);
    waiter.join();

    BOOST_TEST(entry.is_open());
    BOOST_TEST(entry.try_wait(0ms));
}

BOOST_AUTO_TEST_CASE(waits_throw_when_their_limit_passes)
{
    gate entry;
    arrivals through;
    rendezvous two(2);

    BOOST_CHECK_THROW(entry.wait(1ms), wait_timed_out);
    BOOST_CHECK_THROW(through.wait_for_count(1, 1ms), wait_timed_out);
    BOOST_CHECK_THROW(two.arrive_and_wait(1ms), wait_timed_out);
}

BOOST_AUTO_TEST_CASE(gate_opener_opens_at_the_end_of_its_scope)
{
    gate entry;
    {
        gate_opener opener(entry);
        BOOST_TEST(!entry.is_open());
    }
    BOOST_TEST(entry.is_open());
}

BOOST_AUTO_TEST_CASE(rendezvous_serves_many_rounds)
{
    rendezvous two(2);
    int own = 0, other = 0, torn = 0; // each written by one side, read by both between two meetings
    auto run = [&](int& mine, int& theirs, int* unequal) {
        for (int i = 1; i <= 1000; ++i)
        {
            mine = i;
            two.arrive_and_wait();
            if (unequal && theirs != i)
                ++*unequal;
            two.arrive_and_wait();
        }
    };
    std::thread side([&] { run(other, own, nullptr); });
    run(own, other, &torn);
    side.join();

    BOOST_TEST(torn == 0);
}

BOOST_AUTO_TEST_SUITE_END()
