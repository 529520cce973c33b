// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The order in which calls start.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <mutex>
#include <numeric>
#include <vector>

using namespace cofu::test;

namespace {

// What started, in order.
class starts {
public:
    void note(int i)
    {
        std::lock_guard const lock(mutex_);
        order_.push_back(i);
    }
    std::vector<int> order() const
    {
        std::lock_guard const lock(mutex_);
        return order_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<int> order_;  // under mutex_
};

std::vector<int> up_to(int n)
{
    std::vector<int> v(static_cast<std::size_t>(n));
    std::iota(v.begin(), v.end(), 0);
    return v;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_06_calls_from_outside_start_in_order, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    starts seen;
    pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    for (int i = 0; i < 200; ++i)
        pool.submit([&seen, i] { seen.note(i); });

    gate.open();
    pool.shutdown();

    BOOST_TEST(seen.order() == up_to(200), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_06_functions_and_calls_from_outside_keep_one_order, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    starts seen;
    pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    for (int i = 0; i < 100; i += 2) {
        pool.submit([&seen, i] { seen.note(i); });
        boost::asio::post(pool, [&seen, i] { seen.note(i + 1); });
    }

    gate.open();
    pool.shutdown();

    BOOST_TEST(seen.order() == up_to(100), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_06_calls_of_a_call_start_newest_first, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    starts seen;

    pool.submit([&] {
        for (int i = 19; i >= 0; --i)
            pool.submit([&seen, i] { seen.note(i); });
    }).wait();
    pool.shutdown();

    BOOST_TEST(seen.order() == up_to(20), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_06_a_call_that_submits_itself_starves_no_older_one, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    int turns = 0;
    int turns_at_older = -1;
    std::function<void()> again = [&] {
        if (++turns < 1000)
            pool.submit([&again] { again(); });
    };

    pool.submit([&] {
        pool.submit([&] { turns_at_older = turns; });
        again();
    });
    pool.shutdown();

    BOOST_TEST(turns == 1000);
    BOOST_TEST(turns_at_older >= 0);
    BOOST_TEST(turns_at_older <= 64);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_06_a_call_that_submits_itself_starves_none_from_outside, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    int turns = 0;
    int turns_at_outside = -1;
    std::function<void()> again = [&] {
        if (++turns < 1000)
            pool.submit([&again] { again(); });
    };
    pool.submit([&](typename Kind::gate::handle g) {
        g.arrive_and_wait();
        again();
    }, gate.get_handle());
    gate.wait_for_arrivals(1);
    pool.submit([&] { turns_at_outside = turns; });

    gate.open();
    pool.shutdown();

    BOOST_TEST(turns == 1000);
    BOOST_TEST(turns_at_outside >= 0);
    BOOST_TEST(turns_at_outside <= 64);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_06_an_idle_worker_takes_the_oldest_of_another, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    starts seen;
    auto const owner = pool.submit([&](typename Kind::gate::handle g) {
        for (int i = 0; i < 10; ++i)
            pool.submit([&seen, i] { seen.note(i); });
        g.arrive_and_wait();
    }, gate.get_handle());
    gate.wait_for_arrivals(1);

    // The owner stays in its call, so the other worker takes them all.
    poll_until([&] { return seen.order().size() == 10u; });
    gate.open();
    owner.wait();

    BOOST_TEST(seen.order() == up_to(10), boost::test_tools::per_element());
}
