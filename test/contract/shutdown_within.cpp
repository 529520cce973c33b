// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A pool that is shut down or destroyed by what runs on it.

#include "contract/pool_kinds.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <vector>

using namespace cofu::test;

namespace {

template <class Kind>
std::unique_ptr<typename Kind::pool> make_pool(std::size_t workers)
{
    return std::make_unique<typename Kind::pool>(Kind::workers(workers));
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_a_pool_of_one_drains_in_its_own_shutdown, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit([&pool] {
        auto const queued = pool.submit([] { return 42; });
        pool.shutdown();
        return queued.done() ? queued.result() : 0;
    });

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_a_worker_waits_for_the_calls_of_others, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    std::atomic<bool> other_ended{false};
    auto const other = pool.submit([&](typename Kind::gate::handle g) {
        g.arrive_and_wait();
        other_ended = true;
    }, gate.get_handle());
    gate.wait_for_arrivals(1);

    auto const f = pool.submit([&](typename Kind::gate::handle g) {
        pool.shutdown({.wait = false});
        g.open();
        pool.shutdown();
        return other_ended.load();
    }, gate.get_handle());

    BOOST_TEST(f.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_a_call_run_by_a_shutdown_shuts_down_too, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit([&pool] {
        auto const inner = pool.submit([&pool] {
            auto const innermost = pool.submit([] { return 42; });
            pool.shutdown();
            return innermost.done();
        });
        pool.shutdown();
        return inner.done() && inner.result();
    });

    BOOST_TEST(f.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_several_workers_shut_down_at_once, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    rendezvous before(4), after(4);
    std::vector<cofu::future<void>> futures;

    for (int i = 0; i < 4; ++i)
        futures.push_back(pool.submit([&] {
            before.arrive_and_wait();
            pool.shutdown();
            after.arrive_and_wait();
        }));

    for (auto const& f : futures)
        BOOST_CHECK_NO_THROW(f.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_a_worker_in_a_shutdown_takes_what_others_wait_for, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate gate;
    auto const waiting = pool.submit([&](typename Kind::gate::handle g) {
        g.arrive_and_wait();
        auto const queued = pool.submit([] { return 42; });
        return queued.result(std::chrono::seconds(5));
    }, gate.get_handle());
    gate.wait_for_arrivals(1);

    auto const shutting = pool.submit([&](typename Kind::gate::handle g) {
        pool.shutdown({.wait = false});
        g.open();
        pool.shutdown();
    }, gate.get_handle());

    BOOST_TEST(waiting.result() == 42);
    BOOST_CHECK_NO_THROW(shutting.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SHD_01_a_callback_on_a_worker_shuts_down, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    cofu::future<int> queued;
    bool drained = false;
    auto f = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    f.add_done_callback([&](auto const&) {
        queued = pool.submit([] { return 42; });
        pool.shutdown();
        drained = queued.done();
    });

    gate.open();
    pool.shutdown();

    BOOST_TEST(drained);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_call_destroys_its_pool, Kind, shared_memory_pool_kinds)
{
    auto pool = make_pool<Kind>(1);
    auto* const raw = pool.get();

    auto const f = raw->submit([p = std::move(pool)]() mutable {
        auto const queued = p->submit([] { return 42; });
        p.reset();
        return queued.done() ? queued.result() : 0;
    });

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_calls_arguments_own_its_pool, Kind, shared_memory_pool_kinds)
{
    auto pool = std::shared_ptr<typename Kind::pool>(make_pool<Kind>(2));
    auto& raw = *pool;

    auto const f = raw.submit([](auto const& p) { return p != nullptr; }, std::move(pool));

    BOOST_TEST(f.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_posted_function_destroys_its_pool, Kind,
                              shared_memory_pool_kinds)
{
    auto pool = make_pool<Kind>(2);
    auto& raw = *pool;
    gate destroyed;

    boost::asio::post(raw, [p = std::move(pool), &destroyed]() mutable {
        p.reset();
        destroyed.open();
    });

    BOOST_TEST(destroyed.try_wait());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_callback_destroys_its_pool, Kind, shared_memory_pool_kinds)
{
    auto pool = make_pool<Kind>(1);
    typename Kind::gate gate;
    cofu::test::gate destroyed;
    auto f = pool->submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    f.add_done_callback([&](auto const&) {
        pool.reset();
        destroyed.open();
    });

    gate.open();

    BOOST_TEST(destroyed.try_wait());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_callback_of_a_cancelled_call_destroys_the_pool, Kind,
                              shared_memory_pool_kinds)
{
    auto pool = make_pool<Kind>(1);
    typename Kind::gate gate;
    auto const running = pool->submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    auto queued = pool->submit([] {});
    auto const last = pool->submit([] {});
    queued.add_done_callback([&](auto const&) {
        gate.open();
        pool.reset();
    });

    pool->shutdown({.wait = false, .cancel_futures = true});

    BOOST_TEST(!pool);
    BOOST_TEST(last.cancelled());
    BOOST_TEST(running.done());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R8_a_call_of_another_pool_destroys_the_pool, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool other(Kind::workers(1));
    auto pool = make_pool<Kind>(2);
    auto const f = pool->submit([] { return 42; });

    other.submit([&pool] { pool.reset(); }).wait();

    BOOST_TEST(f.result() == 42);
}
