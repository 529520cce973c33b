// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// R8: who may call what from where.

#include "pool_kinds.hpp"

#include <cofu/promise.hpp>

#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <sstream>
#include <thread>

using namespace cofu::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(future_threads)

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_every_const_member_from_many_threads_while_it_completes, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::atomic<std::size_t> wrong{0};

    for (std::size_t round = 0; round < scaled(50); ++round) {
        auto const f = pool.submit([](int n) { return n; }, int(round));
        auto const use = [&] {
            std::ostringstream os;
            os << f;
            f.state(), f.done(), f.running(), f.cancelled();
            f.get_executor();
            wrong += f.wait_for(0s) && !f.done();
            wrong += f.result() != int(round);
            wrong += f.exception() != nullptr;
            wrong += f.result(0s) != int(round);
        };
        std::thread a(use), b(use);
        use();
        a.join(), b.join();
    }

    BOOST_TEST(wrong.load() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_cancel_and_request_stop_from_many_threads, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::size_t undone = 0;

    for (std::size_t round = 0; round < scaled(100); ++round) {
        auto f = pool.submit([] { return 1; });
        std::thread a([&] { f.cancel(); }), b([&] { f.request_stop(); });
        f.add_done_callback([](auto) {});
        f.wait();
        undone += !f.done();
        a.join(), b.join();
    }

    BOOST_TEST(undone == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_call_may_use_its_pool, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));

    auto const outer = pool.submit([&] {
        auto inner = pool.submit([] { return 2; });
        auto tried = pool.try_submit([] { return 3; });
        pool.stats();
        pool.get_executor();
        return inner.result() + tried->result();
    });

    BOOST_TEST(outer.result() == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_callback_may_shut_its_pool_down, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto busy = occupy<Kind>(pool, gate);
    busy.add_done_callback([&](auto) { pool.shutdown({.wait = false}); });

    gate.open();
    pool.shutdown();

    BOOST_CHECK_THROW(pool.submit([] {}), cofu::shut_down_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_pool_may_be_destroyed_by_its_own_call, Kind,
                              shared_memory_pool_kinds)
{
    auto pool = std::make_unique<typename Kind::pool>(Kind::workers(2));
    typename Kind::gate gate;
    auto const other = pool->submit([] { return 4; });
    auto const last = pool->submit([&] {
        gate.get_handle().wait();
        pool.reset();
        return 5;
    });

    gate.open();

    BOOST_TEST(last.result() == 5);
    BOOST_TEST(other.result() == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_future_outlives_its_pool, Kind, pool_kinds)
{
    cofu::future<int> f;
    {
        typename Kind::pool pool(Kind::workers(1));
        f = pool.submit([] { return 6; });
    }
    auto g = f;
    std::atomic<int> seen{0};
    g.add_done_callback([&](auto h) { seen = h.result(); });

    BOOST_TEST(f.result() == 6);
    BOOST_TEST(seen.load() == 6);
    BOOST_TEST(!g.cancel());
    BOOST_TEST(!g.request_stop());
    BOOST_TEST(static_cast<bool>(g.get_executor()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_pending_call_cancelled_by_shutdown_outlives_its_pool, Kind,
                              pool_kinds)
{
    cofu::future<int> f;
    {
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        auto const busy = occupy<Kind>(pool, gate);
        f = pool.submit([] { return 6; });
        pool.shutdown({.wait = false, .cancel_futures = true});
    }

    BOOST_TEST(f.cancel());
    BOOST_CHECK_THROW(f.result(), cofu::cancelled_error);
}

BOOST_AUTO_TEST_SUITE_END()
