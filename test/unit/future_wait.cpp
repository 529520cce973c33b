// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/error.hpp>
#include <cofu/future.hpp>
#include <cofu/promise.hpp>

#include "support/gate.hpp"

#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <thread>

using namespace cofu::test;
using namespace std::chrono_literals;
using std::chrono::duration;

namespace {

struct fixture {
    ~fixture()
    {
        if (!f.done())
            p.set_result(0);
    }

    cofu::promise<int> p;
    cofu::future<int> f = p.get_future();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(future_wait, fixture)

BOOST_AUTO_TEST_CASE(FUT_05_zero_or_less_polls)
{
    BOOST_CHECK_THROW(f.result(0s), cofu::timeout_error);
    BOOST_CHECK_THROW(f.result(-5s), cofu::timeout_error);
    BOOST_CHECK_THROW(f.result(std::chrono::hours::min()), cofu::timeout_error);
    BOOST_CHECK_THROW(f.exception(0s), cofu::timeout_error);
    BOOST_TEST(!f.wait_for(0s));
    BOOST_TEST(!f.wait_for(duration<float>(-1.0f)));
    BOOST_TEST(!f.wait_until(std::chrono::steady_clock::time_point::min()));
}

BOOST_AUTO_TEST_CASE(FUT_05_a_poll_sees_what_is_done)
{
    p.set_result(3);

    BOOST_TEST(f.result(0s) == 3);
    BOOST_TEST(f.result(-5s) == 3);
    BOOST_TEST((f.exception(0s) == nullptr));
    BOOST_TEST(f.wait_for(0s));
    BOOST_TEST(f.wait_until(std::chrono::steady_clock::time_point::min()));
}

BOOST_AUTO_TEST_CASE(FUT_05_expiry_throws_timeout_error_and_not_early)
{
    auto const before = std::chrono::steady_clock::now();

    BOOST_CHECK_THROW(f.result(20ms), cofu::timeout_error);
    auto const after_result = std::chrono::steady_clock::now();
    BOOST_CHECK_THROW(f.exception(20ms), cofu::timeout_error);

    BOOST_TEST((after_result - before >= 20ms));
    BOOST_TEST((std::chrono::steady_clock::now() - after_result >= 20ms));
    BOOST_TEST(!f.done());
}

BOOST_AUTO_TEST_CASE(FUT_05_wait_is_false_at_expiry)
{
    BOOST_TEST(!f.wait_for(5ms));
    BOOST_TEST(!f.wait_until(std::chrono::system_clock::now() + 5ms));
    BOOST_TEST(!f.wait_until(std::chrono::steady_clock::now() + 5ms));
}

BOOST_AUTO_TEST_CASE(FUT_05_a_timeout_of_any_type_expires)
{
    using picoseconds = duration<std::int64_t, std::pico>;

    BOOST_CHECK_THROW(f.result(duration<float>(0.001f)), cofu::timeout_error);
    BOOST_CHECK_THROW(f.result(duration<double, std::milli>(0.5)), cofu::timeout_error);
    BOOST_CHECK_THROW(f.result(picoseconds(1)), cofu::timeout_error);
    BOOST_CHECK_THROW(f.result(duration<std::uint8_t, std::milli>(3)), cofu::timeout_error);
    BOOST_CHECK_THROW(f.result(1us), cofu::timeout_error);
}

// The longest timeouts must not overflow into the past: the value comes while they wait.
BOOST_AUTO_TEST_CASE(FUT_05_the_longest_timeouts_wait)
{
    boost::thread setter([&] { p.set_result(9); });

    int const a = f.result(std::chrono::hours::max());
    int const b = f.result(std::chrono::nanoseconds::max());
    int const c = f.result(duration<double>(std::numeric_limits<double>::infinity()));
    bool const d = f.wait_until(std::chrono::steady_clock::time_point::max());
    setter.join();

    BOOST_TEST(a == 9);
    BOOST_TEST(b == 9);
    BOOST_TEST(c == 9);
    BOOST_TEST(d);
}

BOOST_AUTO_TEST_CASE(FUT_05_a_pending_one_does_not_expire_at_once_with_the_longest_timeouts)
{
    std::atomic<int> expired{0}, done{0};
    arrivals waiting;
    auto const wait = [&](auto timeout) {
        return [&, timeout] {
            waiting.arrive();
            ++(f.wait_for(timeout) ? done : expired);
        };
    };

    std::thread a(wait(std::chrono::hours::max()));
    std::thread b(wait(std::chrono::nanoseconds::max()));
    std::thread c(wait(duration<float>(std::numeric_limits<float>::max())));
    waiting.wait_for_count(3);
    p.set_result(0);
    a.join(), b.join(), c.join();

    BOOST_TEST(expired.load() == 0);
    BOOST_TEST(done.load() == 3);
}

BOOST_AUTO_TEST_CASE(FUT_02_cancel_wakes_those_who_wait)
{
    arrivals waiting, woken;
    auto const wait = [&] {
        waiting.arrive();
        try {
            f.result();
        } catch (cofu::cancelled_error const&) {
            woken.arrive();
        }
    };
    std::thread a(wait), b(wait);
    waiting.wait_for_count(2);

    f.cancel();
    a.join(), b.join();

    BOOST_TEST(woken.count() == 2u);
}

BOOST_AUTO_TEST_CASE(FUT_05_an_exception_wait_that_is_cancelled_throws_cancelled_error)
{
    arrivals waiting;
    std::atomic<bool> thrown{false};
    std::thread t([&] {
        waiting.arrive();
        try {
            f.exception(1h);
        } catch (cofu::cancelled_error const&) {
            thrown = true;
        }
    });
    waiting.wait_for_count(1);

    f.cancel();
    t.join();

    BOOST_TEST(thrown.load());
}

BOOST_AUTO_TEST_CASE(FUT_10_dropping_the_promise_wakes_those_who_wait)
{
    std::optional<cofu::promise<int>> dropped(std::in_place);
    auto const g = dropped->get_future();
    arrivals waiting;
    std::atomic<bool> broken{false};
    std::thread t([&] {
        waiting.arrive();
        try {
            g.result();
        } catch (cofu::broken_promise const&) {
            broken = true;
        }
    });
    waiting.wait_for_count(1);

    dropped.reset();
    t.join();

    BOOST_TEST(broken.load());
}

BOOST_AUTO_TEST_CASE(FUT_13_a_wait_is_an_interruption_point_on_threads_of_boost)
{
    std::atomic<bool> interrupted{false};
    boost::thread t([&] {
        try {
            f.wait();
        } catch (boost::thread_interrupted const&) {
            interrupted = true;
        }
    });

    t.interrupt();
    t.join();
    p.set_result(1);

    BOOST_TEST(interrupted.load());
}

// The one who waits is told before callbacks run.
BOOST_AUTO_TEST_CASE(FUT_14_no_wait_outlasts_its_future_because_of_a_callback)
{
    gate waited;
    bool gone_on = false;
    f.add_done_callback([&](auto) { gone_on = waited.try_wait(); });
    std::thread waiter([&] { f.wait(), waited.open(); });

    p.set_result(1);
    waiter.join();

    BOOST_TEST(gone_on);
}

BOOST_AUTO_TEST_SUITE_END()
