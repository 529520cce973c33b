// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/timer_queue.hpp>

#include "support/gate.hpp"
#include "support/poll.hpp"
#include "support/process_snapshot.hpp"
#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

using namespace cofu::detail;
using namespace std::chrono_literals;
using cofu::test::poll_until;
using steady = std::chrono::steady_clock;

namespace {

struct timer final : timer_entry {
    explicit timer(std::function<void()> f = [] {}) : on_expiry(std::move(f)) {}

    void expire() noexcept override
    {
        on_expiry();
        ++expiries;
    }

    std::function<void()> on_expiry;
    std::atomic<int> expiries{0};
};

bool expires(timer const& t)
{
    return poll_until([&] { return t.expiries.load() != 0; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timer_queue_deadlines)

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_expires)
{
    timer_hold const hold;
    timer t;

    t.arm(steady::now() - 1s);

    BOOST_TEST(expires(t));
    t.disarm();
    BOOST_TEST(t.expiries.load() == 1);
}

BOOST_AUTO_TEST_CASE(nothing_expires_early)
{
    timer_hold const hold;
    steady::time_point at;
    timer t([&] { at = steady::now(); });
    auto const when = steady::now() + 20ms;

    t.arm(when);
    bool const expired = expires(t);
    t.disarm();

    BOOST_TEST(expired);
    BOOST_TEST((at >= when));
}

BOOST_AUTO_TEST_CASE(deadlines_expire_in_order_of_time)
{
    timer_hold const hold;
    cofu::test::gate all_armed;
    std::vector<int> order;  // written by the timer thread, read once all expired
    timer blocker([&] { all_armed.try_wait(); });
    timer second([&] { order.push_back(2); });
    timer first([&] { order.push_back(1); });
    timer third([&] { order.push_back(3); });

    auto const past = steady::now() - 1min;
    blocker.arm(past);
    second.arm(past + 2s);
    third.arm(past + 3s);
    first.arm(past + 1s);
    all_armed.open();
    bool const expired = expires(third);

    BOOST_TEST(expired);
    BOOST_TEST(order == (std::vector{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_earlier_deadline_added_later_does_not_wait_for_the_first)
{
    timer_hold const hold;
    timer late, early;

    late.arm(steady::now() + 1h);
    early.arm(steady::now());
    bool const expired = expires(early);
    late.disarm();

    BOOST_TEST(expired);
    BOOST_TEST(late.expiries.load() == 0);
}

BOOST_AUTO_TEST_CASE(disarming_waits_for_an_expiry_under_way)
{
    timer_hold const hold;
    cofu::test::gate begun, go_on;
    timer t([&] { begun.open(), go_on.try_wait(); });
    t.arm(steady::now());
    begun.wait();

    std::atomic<int> seen{-1};
    std::thread other([&] { t.disarm(), seen = t.expiries.load(); });
    go_on.open();
    other.join();

    // The expiry was not over when the entry was disarmed; its count was not seen half-way.
    BOOST_TEST(seen.load() == 1);
}

BOOST_AUTO_TEST_CASE(an_expiry_may_disarm_its_own_entry)
{
    timer_hold const hold;
    timer t;
    t.on_expiry = [&] { t.disarm(); };

    t.arm(steady::now());

    BOOST_TEST(expires(t));
}

BOOST_AUTO_TEST_CASE(an_entry_may_be_armed_again)
{
    timer_hold const hold;
    timer t;

    t.arm(steady::now());
    bool const once = expires(t);
    t.disarm();
    t.arm(steady::now());
    bool const twice = poll_until([&] { return t.expiries.load() == 2; });
    t.disarm();

    BOOST_TEST(once);
    BOOST_TEST(twice);
}

BOOST_AUTO_TEST_CASE(R3_the_last_hold_ends_the_thread)
{
    auto const threads = [] { return cofu::test::process_snapshot::take().threads.size(); };
    auto const before = threads();
    {
        timer_hold const first;
        timer_hold const second;
        BOOST_TEST(threads() == before + 1);
    }
    BOOST_TEST(poll_until([&] { return threads() == before; }));
}

BOOST_AUTO_TEST_CASE(R3_holds_come_and_go_on_many_threads)
{
    std::atomic<std::size_t> lost{0};
    auto const rounds = cofu::test::scaled(200);
    auto const use = [&] {
        for (std::size_t i = 0; i < rounds; ++i) {
            timer_hold const hold;
            timer t;
            t.arm(steady::now());
            lost += !expires(t);
            t.disarm();
        }
    };

    std::thread one(use), two(use);
    one.join();
    two.join();

    BOOST_TEST(lost.load() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
