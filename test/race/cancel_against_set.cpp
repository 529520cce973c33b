// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// FUT-02, FUT-10: of a cancellation and a setter exactly one wins.

#include "two_sides.hpp"

#include <cofu/promise.hpp>

#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <boost/test/unit_test.hpp>

using namespace cofu::test;

namespace {

struct contest {
    cofu::promise<int> p;
    cofu::future<int> f = p.get_future();
    bool was_set = false;        // written by the left side
    bool was_cancelled = false;  // written by the right side

    void set()
    {
        try {
            p.set_result(1);
            was_set = true;
        } catch (cofu::invalid_state_error const&) {
        }
    }
    void begin_and_set()
    {
        if (p.set_running_or_notify_cancel())
            set();
    }
};

struct tally {
    std::size_t sets = 0, cancels = 0, wrong = 0;

    void check(contest const& c)
    {
        sets += c.was_set;
        cancels += c.was_cancelled;
        wrong += c.was_set == c.was_cancelled || c.f.cancelled() != c.was_cancelled;
    }
};

template <class Left>
tally run(Left left)
{
    tally t;
    race<contest>(
        scaled(500'000), left, [](contest& c) { c.was_cancelled = c.f.cancel(); },
        [&](contest const& c) { t.check(c); });
    return t;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cancel_against_set, *time_limit(120))

BOOST_AUTO_TEST_CASE(FUT_10_a_setter_and_a_cancellation)
{
    auto const t = run([](contest& c) { c.set(); });

    BOOST_TEST(t.wrong == 0u);
    BOOST_TEST_MESSAGE("set " << t.sets << ", cancelled " << t.cancels);
}

BOOST_AUTO_TEST_CASE(FUT_10_set_running_and_a_cancellation)
{
    auto const t = run([](contest& c) { c.begin_and_set(); });

    BOOST_TEST(t.wrong == 0u);
    BOOST_TEST_MESSAGE("set " << t.sets << ", cancelled " << t.cancels);
}

BOOST_AUTO_TEST_CASE(FUT_10_two_setters)
{
    struct two_setters {
        cofu::promise<int> p;
        int winners[2] = {0, 0};

        void set(int side)
        {
            try {
                p.set_result(side);
                winners[side] = 1;
            } catch (cofu::invalid_state_error const&) {
            }
        }
    };
    std::size_t wrong = 0;

    race<two_setters>(
        scaled(500'000), [](two_setters& s) { s.set(0); }, [](two_setters& s) { s.set(1); },
        [&](two_setters& s) {
            int const value = s.p.get_future().result();
            wrong += s.winners[0] + s.winners[1] != 1 || s.winners[value] != 1;
        });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_02_two_cancellations_run_the_callbacks_once)
{
    struct two_cancels {
        cofu::promise<int> p;
        cofu::future<int> f = p.get_future();
        std::unique_ptr<std::atomic<int>> calls = std::make_unique<std::atomic<int>>(0);
        bool answers[2] = {false, false};

        two_cancels()
        {
            f.add_done_callback([n = calls.get()](auto) { ++*n; });
        }
    };
    std::size_t wrong = 0;

    race<two_cancels>(
        scaled(200'000), [](two_cancels& c) { c.answers[0] = c.f.cancel(); },
        [](two_cancels& c) { c.answers[1] = c.f.cancel(); },
        [&](two_cancels& c) { wrong += !c.answers[0] || !c.answers[1] || c.calls->load() != 1; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
