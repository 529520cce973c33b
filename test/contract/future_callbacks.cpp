// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "pool_kinds.hpp"

#include <cofu/promise.hpp>

#include "support/manual_executor.hpp"
#include "support/poll.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

using numbers = std::vector<int>;

struct recording_observer final : cofu::pool_observer {
    void callback_failed(std::exception_ptr error) noexcept override
    {
        std::lock_guard const lock(mutex);
        errors.push_back(std::move(error));
        reported.arrive();
    }

    std::mutex mutex;
    std::vector<std::exception_ptr> errors;
    arrivals reported;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(future_callbacks)

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_callbacks_run_once_in_order, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto busy = occupy<Kind>(pool, gate);
    numbers order;  // written by the completing thread, read after the shutdown
    for (int i = 0; i < 5; ++i)
        busy.add_done_callback([&, i](auto) { order.push_back(i); });

    gate.open();
    pool.shutdown();

    BOOST_TEST(order == (numbers{0, 1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_they_run_on_the_worker_that_completes, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    std::thread::id call_ran_on, callback_ran_on;
    auto call = pool.submit([&] {
        gate.get_handle().arrive_and_wait();
        call_ran_on = std::this_thread::get_id();
    });
    call.add_done_callback([&](auto) { callback_ran_on = std::this_thread::get_id(); });

    gate.open();
    pool.shutdown();

    BOOST_TEST((call_ran_on == callback_ran_on));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_a_callback_that_throws_is_told_to_the_observer, Kind,
                              pool_kinds)
{
    recording_observer observer;
    auto options = Kind::workers(1);
    options.observer = &observer;
    typename Kind::pool pool(options);
    typename Kind::gate gate;
    auto busy = occupy<Kind>(pool, gate);
    std::atomic<int> others{0};
    busy.add_done_callback([](auto) { throw std::out_of_range("from a callback"); });
    busy.add_done_callback([&](auto) { ++others; });

    gate.open();
    int const next = pool.submit([] { return 3; }).result();
    pool.shutdown();

    BOOST_TEST(next == 3);
    BOOST_TEST(others.load() == 1);
    BOOST_TEST(observer.errors.size() == 1u);
    BOOST_CHECK_THROW(std::rethrow_exception(observer.errors.at(0)), std::out_of_range);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_one_that_throws_on_the_adding_thread_is_told_too, Kind,
                              pool_kinds)
{
    recording_observer observer;
    auto options = Kind::workers(1);
    options.observer = &observer;
    typename Kind::pool pool(options);
    auto call = pool.submit([] { return 1; });
    call.wait();

    BOOST_CHECK_NO_THROW(call.add_done_callback([](auto) { throw 1; }));

    BOOST_TEST(observer.reported.count() == 1u);
}

// While the worker is inside the first callback, another one is added from outside.
BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_one_added_when_done_runs_beside_those_that_run, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    cofu::test::gate may_end;
    arrivals inside;
    auto busy = occupy<Kind>(pool, gate);
    busy.add_done_callback([&](auto) { inside.arrive(), may_end.try_wait(); });
    gate.open();
    inside.wait_for_count(1);

    bool ran = false;
    busy.add_done_callback([&](auto) { ran = true; });
    bool const ran_at_once = ran;
    may_end.open();

    BOOST_TEST(ran_at_once);
    pool.shutdown();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_08_a_callback_may_submit, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto busy = occupy<Kind>(pool, gate);
    cofu::promise<int> got;
    busy.add_done_callback([&](auto) {
        auto next = pool.submit([] { return 8; });
        next.add_done_callback([&](auto f) { got.set_result(f.result()); });
    });

    gate.open();

    BOOST_TEST(got.get_future().result() == 8);
    pool.shutdown();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_09_a_bound_callback_is_posted, Kind, pool_kinds)
{
    manual_context context;
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto busy = occupy<Kind>(pool, gate);
    bool inside = false;
    auto const note = [&](auto) { inside = context.running_in_this_thread(); };
    busy.add_done_callback(boost::asio::bind_executor(context.get_executor(), note));

    gate.open();
    pool.shutdown();
    auto const pending = context.pending();
    context.run_all();

    BOOST_TEST(pending == 1u);
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_09_one_bound_to_the_pool_itself_is_posted_on_its_worker_too, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto done = pool.submit([] {});
    done.wait();
    numbers order;
    auto const note = [&](auto) { order.push_back(2); };

    pool.submit([&] {
            done.add_done_callback(boost::asio::bind_executor(pool.get_executor(), note));
            order.push_back(1);
        })
        .wait();
    pool.shutdown();

    BOOST_TEST(order == (numbers{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_14_a_result_is_there_before_callbacks_have_run, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    cofu::test::gate result_was_read;
    std::atomic<bool> read_first{false};
    auto busy = occupy<Kind>(pool, gate);
    busy.add_done_callback([&](auto) { read_first = result_was_read.try_wait(); });

    gate.open();
    busy.result();
    bool const timed = busy.wait_for(1h);
    result_was_read.open();
    pool.shutdown();

    BOOST_TEST(read_first.load());
    BOOST_TEST(timed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_14_an_abandoned_wait_leaves_nothing_behind, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    int expired = 0;

    for (int i = 0; i < 100; ++i)
        expired += !busy.wait_for(1us);
    gate.open();
    busy.result();

    BOOST_TEST(expired == 100);
}

BOOST_AUTO_TEST_SUITE_END()
