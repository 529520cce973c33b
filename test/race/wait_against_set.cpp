// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// FUT-05, FUT-14: waits that expire, or are interrupted, while the future is completed.

#include "two_sides.hpp"

#include <cofu/error.hpp>
#include <cofu/promise.hpp>

#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <memory>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

struct subject {
    cofu::promise<int> p;
    cofu::future<int> f = p.get_future();
    bool right_saw_it = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(wait_against_set, *time_limit(120))

BOOST_AUTO_TEST_CASE(FUT_05_a_wait_that_expires_about_then)
{
    std::size_t wrong = 0;

    race<subject>(
        scaled(200'000), [](subject& s) { s.p.set_result(1); },
        [](subject& s) { s.right_saw_it = s.f.wait_for(1us) && s.f.result() == 1; },
        [&](subject const& s) { wrong += s.f.result() != 1; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_05_an_untimed_wait_always_ends)
{
    std::size_t wrong = 0;

    race<subject>(
        scaled(200'000), [](subject& s) { s.p.set_result(1); },
        [](subject& s) { s.right_saw_it = s.f.result() == 1; },
        [&](subject const& s) { wrong += !s.right_saw_it; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_05_a_wait_and_a_cancellation)
{
    std::size_t wrong = 0;

    race<subject>(
        scaled(200'000), [](subject& s) { s.f.cancel(); },
        [](subject& s) {
            try {
                s.f.result(1h);
            } catch (cofu::cancelled_error const&) {
                s.right_saw_it = true;
            }
        },
        [&](subject const& s) { wrong += !s.right_saw_it; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_14_many_waits_give_up_while_others_go_on)
{
    std::size_t wrong = 0;

    race<subject>(
        scaled(50'000),
        [](subject& s) {
            s.f.wait_for(1us);
            s.p.set_result(1);
        },
        [](subject& s) {
            int expired = 0;
            while (!s.f.wait_for(1us))
                ++expired;
            s.right_saw_it = s.f.done();
        },
        [&](subject const& s) { wrong += !s.right_saw_it; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_13_an_interruption_and_the_end_of_a_wait)
{
    std::size_t wrong = 0;

    for (std::size_t i = 0; i < scaled(5'000); ++i) {
        cofu::promise<int> p;
        auto const f = p.get_future();
        int ended = 0;
        boost::thread waiter([&] {
            try {
                f.wait();
                ended = 1;
            } catch (boost::thread_interrupted const&) {
                ended = 2;
            }
        });
        waiter.interrupt();
        p.set_result(1);
        waiter.join();
        wrong += ended == 0;
    }

    BOOST_TEST(wrong == 0u);
}

// The handler runs once, with the value or with operation_aborted.
BOOST_AUTO_TEST_CASE(ASY_03_a_cancellation_slot_and_a_setter)
{
    struct awaited : subject {
        std::unique_ptr<boost::asio::cancellation_signal> signal =
            std::make_unique<boost::asio::cancellation_signal>();
        std::unique_ptr<int> calls = std::make_unique<int>(0);
    };
    std::size_t wrong = 0;

    race<awaited>(
        scaled(50'000), [](awaited& a) { a.p.set_result(1); },
        [](awaited& a) {
            boost::asio::io_context context;
            auto const count = [n = a.calls.get()](std::exception_ptr, int) { ++*n; };
            auto const bound = boost::asio::bind_executor(context.get_executor(), count);
            a.f.async_result(boost::asio::bind_cancellation_slot(a.signal->slot(), bound));
            a.signal->emit(boost::asio::cancellation_type::terminal);
            context.run();
        },
        [&](awaited const& a) { wrong += *a.calls != 1; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
