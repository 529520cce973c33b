// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// wait and async_wait over promises: who wakes them, what they leave behind.

#include "support/gate.hpp"
#include "support/manual_executor.hpp"
#include "support/poll.hpp"

#include <cofu/promise.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <stdexcept>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace std::chrono_literals;
using cofu::return_when;
using int_split = cofu::wait_result<cofu::future<int>>;

namespace {

struct fixture {
    std::vector<cofu::promise<int>> promises{3};
    std::vector<cofu::future<int>> futures{promises[0].get_future(), promises[1].get_future(),
                                           promises[2].get_future()};

    void fail(std::size_t i)
    {
        promises[i].set_exception(std::make_exception_ptr(std::runtime_error("failed")));
    }
};

// A wait on a thread of its own, that has begun when this is made.
class waiting {
public:
    waiting(std::vector<cofu::future<int>> futures, return_when when)
        : thread_([=, this] {
              split_ = cofu::wait(futures, when);
              over_.open();
          })
    {
    }

    bool is_over() const { return over_.is_open(); }

    int_split result()
    {
        thread_.join();
        return split_;
    }

private:
    int_split split_;
    gate over_;
    std::thread thread_;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(WAIT_01_all_completed_is_woken_by_the_last, fixture)
{
    waiting w(futures, return_when::all_completed);

    promises[2].set_result(1);
    fail(0);
    bool const over_before_the_last = w.is_over();
    futures[1].cancel();

    auto const split = w.result();
    BOOST_TEST(!over_before_the_last);
    BOOST_TEST((split.done == futures));
}

BOOST_FIXTURE_TEST_CASE(WAIT_01_first_completed_is_woken_by_a_cancellation, fixture)
{
    waiting w(futures, return_when::first_completed);

    futures[1].cancel();

    BOOST_TEST((w.result().done == std::vector{futures[1]}));
}

BOOST_FIXTURE_TEST_CASE(WAIT_01_first_exception_is_woken_by_an_exception_only, fixture)
{
    manual_context context;
    int runs = 0;
    cofu::async_wait(futures, return_when::first_exception,
                     asio::bind_executor(context.get_executor(),
                                         [&](boost::system::error_code, int_split) { ++runs; }));

    futures[0].cancel();
    promises[1].set_result(1);
    context.run_all();
    int const runs_before = runs;
    fail(2);
    context.run_all();

    BOOST_TEST(runs_before == 0);
    BOOST_TEST(runs == 1);
}

BOOST_FIXTURE_TEST_CASE(WAIT_01_first_exception_ends_before_the_others, fixture)
{
    manual_context context;
    int_split split;
    cofu::async_wait(futures, return_when::first_exception,
                     asio::bind_executor(context.get_executor(),
                                         [&](boost::system::error_code, int_split s) { split = s; }));

    fail(1);
    context.run_all();

    BOOST_TEST((split.done == std::vector{futures[1]}));
    BOOST_TEST((split.not_done == std::vector{futures[0], futures[2]}));
}

BOOST_FIXTURE_TEST_CASE(WAIT_02_what_completes_before_the_handler_runs_is_done, fixture)
{
    manual_context context;
    int_split split;
    cofu::async_wait(futures, return_when::first_completed,
                     asio::bind_executor(context.get_executor(),
                                         [&](boost::system::error_code, int_split s) { split = s; }));

    promises[0].set_result(1);
    promises[2].set_result(1);
    context.run_all();

    BOOST_TEST((split.done == std::vector{futures[0], futures[2]}));
}

BOOST_FIXTURE_TEST_CASE(FUT_14_an_abandoned_wait_leaves_nothing_in_the_futures, fixture)
{
    for (auto const when : {return_when::all_completed, return_when::first_exception})
        cofu::wait(futures, 1ms, when);
    promises[1].set_result(1);
    cofu::wait(futures, return_when::first_completed);

    promises[0].set_result(1);
    promises[2].set_result(1);

    BOOST_TEST(cofu::wait(futures).done.size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(FUT_14_a_wait_does_not_outlast_its_time_because_of_a_callback, fixture)
{
    gate callback_may_end;
    gate_opener const opener(callback_may_end);
    futures[0].add_done_callback([&](cofu::future<int>) { callback_may_end.try_wait(); });
    std::thread setter([&] { promises[0].set_result(1); });

    auto const split = cofu::wait(futures, return_when::first_completed);
    bool const callback_still_ran = !callback_may_end.is_open();
    callback_may_end.open();
    setter.join();

    BOOST_TEST((split.done == std::vector{futures[0]}));
    BOOST_TEST(callback_still_ran);
}

BOOST_FIXTURE_TEST_CASE(FUT_13_a_wait_is_an_interruption_point, fixture)
{
    arrivals began;
    bool interrupted = false;
    boost::thread thread([&] {
        try {
            began.arrive();
            cofu::wait(futures, 1h);
        } catch (boost::thread_interrupted const&) {
            interrupted = true;
        }
    });
    began.wait_for_count(1);

    thread.interrupt();
    thread.join();

    BOOST_TEST(interrupted);
}

BOOST_FIXTURE_TEST_CASE(WAIT_02_many_waits_share_the_same_futures, fixture)
{
    manual_context context;
    int runs = 0;
    for (int i = 0; i < 10; ++i)
        cofu::async_wait(futures,
                         asio::bind_executor(context.get_executor(),
                                             [&](boost::system::error_code, int_split) { ++runs; }));
    waiting w(futures, return_when::all_completed);

    for (auto& p : promises)
        p.set_result(1);
    context.run_all();

    BOOST_TEST(w.result().done.size() == 3u);
    BOOST_TEST(runs == 10);
}
