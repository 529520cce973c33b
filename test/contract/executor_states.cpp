// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The states of a pool: open, draining, closing, closed, broken.

#include "contract/pool_kinds.hpp"

#include <cofu/error.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <thread>

using namespace cofu::test;

namespace {

// A pool of one with a call that runs until the gate opens.
template <class Kind>
struct busy_pool {
    typename Kind::pool pool{Kind::workers(1)};
    typename Kind::gate gate;
    cofu::future<void> running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());

    busy_pool() { gate.wait_for_arrivals(1); }
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_draining_pool_refuses_calls_from_outside, Kind, pool_kinds)
{
    busy_pool<Kind> busy;
    busy.pool.shutdown({.wait = false});

    BOOST_CHECK_THROW(busy.pool.submit([] {}), cofu::shut_down_error);

    busy.gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_draining_pool_runs_what_is_queued, Kind, pool_kinds)
{
    busy_pool<Kind> busy;
    auto const queued = busy.pool.submit([] { return 42; });

    busy.pool.shutdown({.wait = false});
    busy.gate.open();

    BOOST_TEST(queued.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_call_of_a_draining_pool_submits_more, Kind,
                              shared_memory_pool_kinds)
{
    busy_pool<Kind> busy;
    auto& pool = busy.pool;
    auto const outer = pool.submit([&pool] {
        return pool.submit([&pool] { return pool.submit([] { return 42; }); });
    });

    pool.shutdown({.wait = false});
    busy.gate.open();

    BOOST_TEST(outer.result().result().result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_callback_on_a_worker_of_a_draining_pool_submits_more, Kind,
                              shared_memory_pool_kinds)
{
    busy_pool<Kind> busy;
    auto& pool = busy.pool;
    cofu::future<int> more;
    busy.running.add_done_callback([&](auto const&) { more = pool.submit([] { return 42; }); });

    pool.shutdown({.wait = false});
    busy.gate.open();
    pool.shutdown();

    BOOST_TEST((more.valid() && more.result() == 42));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_worker_of_another_pool_is_outside, Kind,
                              shared_memory_pool_kinds)
{
    busy_pool<Kind> busy;
    auto& pool = busy.pool;
    typename Kind::pool other(Kind::workers(1));
    pool.shutdown({.wait = false});

    auto const f = other.submit([&pool] { pool.submit([] {}); });

    BOOST_CHECK_THROW(f.result(), cofu::shut_down_error);
    busy.gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_draining_pool_takes_functions_from_any_thread, Kind,
                              shared_memory_pool_kinds)
{
    busy_pool<Kind> busy;
    bool ran = false;

    busy.pool.shutdown({.wait = false});
    boost::asio::post(busy.pool, [&ran] { ran = true; });
    busy.gate.open();
    busy.pool.shutdown();

    BOOST_TEST(ran);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_closing_pool_refuses_its_own_calls_too, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const f = pool.submit(
        [&pool](typename Kind::gate::handle g) {
            g.arrive_and_wait();
            pool.submit([] {});
        },
        gate.get_handle());
    gate.wait_for_arrivals(1);

    pool.shutdown({.wait = false, .cancel_futures = true});
    gate.open();

    BOOST_CHECK_THROW(f.result(), cofu::shut_down_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_a_closed_pool_destroys_functions_unrun, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    pool.shutdown();
    auto const owned = std::make_shared<int>();
    bool ran = false;

    boost::asio::post(pool, [&ran, owned] { ran = true; });
    pool.get_executor().execute([&ran, owned] { ran = true; });

    BOOST_TEST(!ran);
    BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_02_broken_is_tested_before_shut_down, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::initialized(1, [] { throw std::runtime_error("no"); }));
    BOOST_CHECK_THROW(pool.submit([] {}).result(), typename Kind::broken_pool_error);

    pool.shutdown();

    BOOST_CHECK_THROW(pool.submit([] {}), typename Kind::broken_pool_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_03_an_exception_cancels_what_has_not_begun, Kind, pool_kinds)
{
    typename Kind::gate gate;
    cofu::future<void> running, queued;

    try {
        typename Kind::pool pool(Kind::workers(1));
        running = pool.submit(
            [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
        gate.wait_for_arrivals(1);
        queued = pool.submit([] {});
        queued.add_done_callback([&gate](auto const&) { gate.open(); });
        throw std::runtime_error("leave");
    } catch (std::runtime_error const&) {
    }

    BOOST_TEST(queued.cancelled());
    BOOST_TEST((running.done() && !running.cancelled()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_03_drain_runs_it_as_python_does, Kind, pool_kinds)
{
    cofu::future<int> queued;

    try {
        auto options = Kind::workers(1);
        options.on_unwind = cofu::unwind_policy::drain;
        typename Kind::pool pool(options);
        queued = pool.submit([] { return 42; });
        throw std::runtime_error("leave");
    } catch (std::runtime_error const&) {
    }

    BOOST_TEST(queued.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(EXE_03_a_pool_inside_an_unwinding_drains, Kind, pool_kinds)
{
    static int result = 0;
    struct at_exit {
        ~at_exit()
        {
            cofu::future<int> f;
            {
                typename Kind::pool pool(Kind::workers(1));
                f = pool.submit([] { return 42; });
            }
            result = f.cancelled() ? -1 : f.result();
        }
    };

    try {
        at_exit guard;
        throw std::runtime_error("leave");
    } catch (std::runtime_error const&) {
    }

    BOOST_TEST(result == 42);
}
