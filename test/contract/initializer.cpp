// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The initializer of a pool, and what breaks the pool.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace cofu::test;

namespace {

// The message of the exception that is nested in the one that `f` throws.
template <class Outer, class F>
std::string nested_in(F f)
{
    try {
        f();
    } catch (Outer const& e) {
        try {
            std::rethrow_if_nested(e);
        } catch (std::exception const& inner) {
            return inner.what();
        }
        return "nothing is nested";
    }
    return "nothing was thrown";
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_the_initializer_runs_once_in_each_worker, Kind,
                              shared_memory_pool_kinds)
{
    std::atomic<int> initialized{0};
    auto options = Kind::workers(3);
    options.initializer = [&] { ++initialized; };
    typename Kind::pool pool(options);
    rendezvous all(3);

    for (int round = 0; round < 3; ++round) {
        std::vector<cofu::future<void>> futures;
        for (int i = 0; i < 3; ++i)
            futures.push_back(pool.submit([&all] { all.arrive_and_wait(); }));
        for (auto const& f : futures)
            f.wait();
    }

    BOOST_TEST(initialized == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_the_initializer_runs_before_the_first_call, Kind,
                              shared_memory_pool_kinds)
{
    static thread_local int prepared = 0;
    auto options = Kind::workers(1);
    options.initializer = cofu::call([](int v) { prepared = v; }, 42);
    typename Kind::pool pool(options);

    auto const f = pool.submit([] { return prepared; });

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_a_failing_initializer_fails_queued_calls, Kind,
                              shared_memory_pool_kinds)
{
    gate initialize;
    auto options = Kind::workers(1);
    options.initializer = [&] {
        initialize.wait();
        throw std::runtime_error("no database");
    };
    typename Kind::pool pool(options);
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 10; ++i)
        futures.push_back(pool.submit([] { return 1; }));

    initialize.open();

    for (auto const& f : futures)
        BOOST_TEST(nested_in<typename Kind::broken_pool_error>([&] { f.result(); })
                   == "no database");
    pool.shutdown();
    BOOST_TEST(pool.stats().failed == 10u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_a_broken_pool_refuses_calls, Kind, pool_kinds)
{
    typename Kind::pool pool(
        Kind::initialized(1, [] { throw std::runtime_error("no database"); }));
    BOOST_CHECK_THROW(pool.submit([] {}).result(), typename Kind::broken_pool_error);

    BOOST_TEST(nested_in<typename Kind::broken_pool_error>([&] { pool.submit([] {}); })
               == "no database");
    BOOST_TEST(nested_in<typename Kind::broken_pool_error>([&] { (void)pool.try_submit([] {}); })
               == "no database");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_running_calls_of_a_broken_pool_finish, Kind,
                              shared_memory_pool_kinds)
{
    std::atomic<int> initializers{0};
    auto options = Kind::workers(2);
    options.initializer = [&] {
        if (++initializers == 2)
            throw std::runtime_error("only one");
    };
    typename Kind::pool pool(options);
    typename Kind::gate gate;
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); return 42; }, gate.get_handle());
    gate.wait_for_arrivals(1);

    auto const failed = pool.submit([] {});
    BOOST_CHECK_THROW(failed.result(), typename Kind::broken_pool_error);
    gate.open();

    BOOST_TEST(running.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_posted_functions_of_a_broken_pool_are_destroyed_unrun, Kind,
                              shared_memory_pool_kinds)
{
    gate initialize;
    auto options = Kind::workers(1);
    options.initializer = [&] {
        initialize.wait();
        throw std::runtime_error("no");
    };
    typename Kind::pool pool(options);
    auto const owned = std::make_shared<int>();
    bool ran = false;
    boost::asio::post(pool, [&ran, owned] { ran = true; });

    initialize.open();
    pool.shutdown();
    boost::asio::post(pool, [&ran, owned] { ran = true; });

    BOOST_TEST(!ran);
    BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_a_cancelled_call_of_a_broken_pool_stays_cancelled, Kind,
                              shared_memory_pool_kinds)
{
    gate initialize;
    auto options = Kind::workers(1);
    options.initializer = [&] {
        initialize.wait();
        throw std::runtime_error("no");
    };
    typename Kind::pool pool(options);
    auto cancelled = pool.submit([] {});
    auto const failed = pool.submit([] {});
    cancelled.cancel();

    initialize.open();
    pool.shutdown();

    BOOST_TEST(cancelled.cancelled());
    auto const s = pool.stats();
    BOOST_TEST(s.cancelled == 1u);
    BOOST_TEST(s.failed == 1u);
    BOOST_TEST(s.queued == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_a_broken_pool_shuts_down, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::initialized(4, [] { throw 42; }));
    for (int i = 0; i < 4; ++i) {
        try {
            (void)pool.submit([] {});
        } catch (typename Kind::broken_pool_error const&) {
        }
    }

    pool.shutdown();

    BOOST_TEST(pool.stats().workers == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_03_the_initializer_may_submit, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool* the_pool = nullptr;
    cofu::future<int> from_initializer;
    auto options = Kind::workers(1);
    options.initializer = [&] { from_initializer = the_pool->submit([] { return 42; }); };
    typename Kind::pool pool(options);
    the_pool = &pool;

    pool.submit([] {}).wait();

    BOOST_TEST(from_initializer.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_the_initializer_may_shut_the_pool_down, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool* the_pool = nullptr;
    gate queued;
    auto options = Kind::workers(1);
    options.initializer = [&] {
        queued.wait();
        the_pool->shutdown();
    };
    typename Kind::pool pool(options);
    the_pool = &pool;

    auto const f = pool.submit([] { return 42; });
    queued.open();

    BOOST_TEST(f.result() == 42);
    pool.shutdown();
}
