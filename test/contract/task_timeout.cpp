// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// task_options: the name of a call, and its time limit.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>
#include <boost/thread/condition_variable.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

// Until it is interrupted.
void sleep_long()
{
    boost::this_thread::sleep_for(boost::chrono::minutes(10));
}

bool wait_for_stop(std::stop_token token)
{
    return poll_until([&] { return token.stop_requested(); });
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_a_call_past_its_timeout_is_interrupted, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit(cofu::task_options{.timeout = 1ms}, sleep_long);

    BOOST_CHECK_THROW(f.result(), cofu::task_timed_out);
    BOOST_TEST(!f.cancelled());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_the_error_names_the_call, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit(cofu::task_options{.name = "import", .timeout = 1ms}, sleep_long);

    BOOST_CHECK_EXCEPTION(f.result(), cofu::task_timed_out, [](auto const& e) {
        return std::string(e.what()).find("import") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_a_call_past_its_timeout_is_asked_to_stop, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit(cofu::task_options{.timeout = 1ms}, wait_for_stop);

    BOOST_TEST(f.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_a_call_that_throws_its_own_error_keeps_it, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit(cofu::task_options{.timeout = 1ms}, [](std::stop_token t) {
        wait_for_stop(t);
        throw std::runtime_error("own");
    });

    BOOST_CHECK_THROW(f.result(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_a_call_within_its_timeout_is_left_alone, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit(cofu::task_options{.timeout = 10min}, [] { return 42; });

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_the_timeout_counts_from_the_start, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    auto const f = pool.submit(cofu::task_options{.timeout = 10min},
                               [](std::stop_token t) { return t.stop_requested(); });
    auto const brief = pool.submit(cofu::task_options{.timeout = 50ms},
                                   [](std::stop_token t) { return t.stop_requested(); });
    poll_until([] { return false; }, 60ms);

    gate.open();

    BOOST_TEST(!f.result());
    BOOST_TEST(!brief.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_the_next_call_is_not_interrupted, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    for (int i = 0; i < 20; ++i) {
        auto const f = pool.submit(cofu::task_options{.timeout = 0ms}, sleep_long);
        auto const next = pool.submit([] { return boost::this_thread::interruption_requested(); });
        BOOST_CHECK_THROW(f.result(), cofu::task_timed_out);
        BOOST_TEST(!next.result());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_stop_interrupts_a_sleep_and_not_the_next_call, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto f = pool.submit([](typename Kind::gate::handle g) { g.arrive(); sleep_long(); },
                         gate.get_handle());
    auto const next = pool.submit([] {
        boost::this_thread::sleep_for(boost::chrono::microseconds(1));
        return boost::this_thread::interruption_requested();
    });
    gate.wait_for_arrivals(1);

    f.request_stop();

    BOOST_CHECK_THROW(f.result(), cofu::cancelled_error);
    BOOST_TEST(!f.cancelled());
    BOOST_TEST(!next.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_stop_during_a_nested_call_waits_for_the_outer, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    std::atomic<bool> inner_interrupted{false};
    auto outer = pool.submit([&](typename Kind::gate::handle g) {
        pool.submit([&] {
            g.arrive_and_wait();
            inner_interrupted = boost::this_thread::interruption_requested();
        });
        pool.shutdown();
        boost::this_thread::interruption_point();
    }, gate.get_handle());
    gate.wait_for_arrivals(1);

    outer.request_stop();
    gate.open();

    BOOST_CHECK_THROW(outer.result(), cofu::cancelled_error);
    BOOST_TEST(!inner_interrupted);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_many_timeouts_expire_each_in_its_time, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    std::vector<cofu::future<void>> futures;
    for (int i = 0; i < 40; ++i)
        futures.push_back(pool.submit(cofu::task_options{.timeout = 1ms * (i % 5)}, sleep_long));

    for (auto const& f : futures)
        BOOST_CHECK_THROW(f.result(), cofu::task_timed_out);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_a_cancelled_call_with_a_timeout_leaves_no_timer, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);

    auto f = pool.submit(cofu::task_options{.timeout = 1ms}, [] {});
    f.cancel();
    gate.open();
    pool.shutdown();

    BOOST_TEST(f.cancelled());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_07_a_stop_callback_may_use_the_pool, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::future<int> from_callback;

    auto const f = pool.submit(cofu::task_options{.timeout = 1ms}, [&](std::stop_token t) {
        std::stop_callback const on_stop(t, [&] {
            from_callback = pool.submit(cofu::task_options{.timeout = 10min}, [] { return 42; });
        });
        wait_for_stop(t);
    });

    f.result();
    BOOST_TEST(from_callback.result() == 42);
}
