// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "pool_kinds.hpp"

#include "support/counted.hpp"
#include "support/poll.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace cofu::test;
using cofu::future_state;

namespace {

// Says on which thread it was destroyed.
struct grave {
    std::thread::id died_on;
};
struct mortal {
    explicit mortal(grave& g) : g_(&g) {}
    mortal(mortal&& other) noexcept : g_(std::exchange(other.g_, nullptr)) {}
    ~mortal()
    {
        if (g_)
            g_->died_on = std::this_thread::get_id();
    }

private:
    grave* g_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(future_cancel)

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_01_a_call_is_pending_then_running_then_finished, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const first = occupy<Kind>(pool, gate);
    auto const second = pool.submit([] { return 1; });

    auto const first_before = first.state(), second_before = second.state();
    gate.open();
    second.wait();

    BOOST_TEST(first_before == future_state::running);
    BOOST_TEST(second_before == future_state::pending);
    BOOST_TEST(first.state() == future_state::finished);
    BOOST_TEST(second.state() == future_state::finished);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_02_cancel_on_pending_wakes_waiters, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto pending = pool.submit([] { return 1; });
    arrivals waiting, woken, called;
    pending.add_done_callback([&](auto) { called.arrive(); });
    std::thread waiter([&] {
        waiting.arrive();
        try {
            pending.result();
        } catch (cofu::cancelled_error const&) {
            woken.arrive();
        }
    });
    waiting.wait_for_count(1);

    bool const first = pending.cancel();
    bool const again = pending.cancel();
    waiter.join();

    BOOST_TEST(first);
    BOOST_TEST(again);
    BOOST_TEST(woken.count() == 1u);
    BOOST_TEST(called.count() == 1u);
    BOOST_TEST(busy.running());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_02_cancel_on_running_or_finished_changes_nothing, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto call = pool.submit(
        [](typename Kind::gate::handle g) {
            g.arrive_and_wait();
            return 5;
        },
        gate.get_handle());
    gate.wait_for_arrivals(1);

    bool const while_running = call.cancel();
    gate.open();
    int const result = call.result();
    bool const when_finished = call.cancel();

    BOOST_TEST(!while_running);
    BOOST_TEST(result == 5);
    BOOST_TEST(!when_finished);
    BOOST_TEST(call.result() == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_03_a_cancelled_call_is_done_at_once_and_never_starts, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate, never;
    auto const busy = occupy<Kind>(pool, gate);
    auto call = pool.submit([](typename Kind::gate::handle g) { g.arrive(); }, never.get_handle());

    call.cancel();
    bool const done_at_once = call.done() && call.cancelled();
    gate.open();
    pool.shutdown();

    BOOST_TEST(done_at_once);
    BOOST_TEST(never.arrived() == 0u);
    BOOST_TEST(call.cancelled());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_04_running_only_once_a_worker_has_taken_the_call, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    std::vector<cofu::future<int>> waiting;
    for (int i = 0; i < 20; ++i)
        waiting.push_back(pool.submit([] { return 0; }));

    std::size_t running = 0, withdrawn = 0;
    for (auto& f : waiting)
        running += f.running();
    for (auto& f : waiting)
        withdrawn += f.cancel();
    gate.open();

    BOOST_TEST(running == 0u);
    BOOST_TEST(withdrawn == 20u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_02_a_call_may_cancel_another, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::future<int> victim;
    auto const canceller = pool.submit([&] { return victim.cancel(); });
    victim = pool.submit([] { return 1; });

    gate.open();

    BOOST_TEST(canceller.result());
    BOOST_TEST(victim.cancelled());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_02_dropping_all_handles_does_not_cancel, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate, ran;
    auto const busy = occupy<Kind>(pool, gate);
    pool.submit([](typename Kind::gate::handle g) { g.arrive(); }, ran.get_handle());

    gate.open();
    pool.shutdown();

    BOOST_TEST(ran.arrived() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_11_function_and_arguments_are_gone_before_the_future_is_done,
                              Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::size_t late = 0;

    for (int i = 0; i < 200; ++i) {
        auto const captured = std::make_shared<int>(0), passed = std::make_shared<int>(0);
        auto const call =
            pool.submit([captured](std::shared_ptr<int> const&) { return 1; }, passed);
        call.wait();
        late += captured.use_count() != 1 || passed.use_count() != 1;
    }

    BOOST_TEST(late == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_11_also_when_the_call_throws, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto const captured = std::make_shared<int>(0);

    auto const call = pool.submit([captured] { throw std::out_of_range("thrown"); });
    call.wait();

    BOOST_TEST(captured.use_count() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_11_callbacks_find_function_and_arguments_gone, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const captured = std::make_shared<int>(0);
    std::atomic<long> seen{0};
    auto call = pool.submit([captured, g = gate.get_handle()] { g.arrive_and_wait(); });
    call.add_done_callback([&](auto) { seen = captured.use_count(); });

    gate.open();
    pool.shutdown();

    BOOST_TEST(seen.load() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_11_a_cancelled_ones_are_gone_when_cancel_returns, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    grave where;
    auto call = pool.submit([](mortal const&) {}, mortal(where));

    call.cancel();

    BOOST_TEST((where.died_on == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_11_a_cancelling_shutdown_destroys_them_on_its_thread, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    grave where;
    auto const call = pool.submit([](mortal const&) {}, mortal(where));

    pool.shutdown({.wait = false, .cancel_futures = true});

    BOOST_TEST(call.cancelled());
    BOOST_TEST((where.died_on == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_11_a_broken_pool_destroys_them_before_the_future_is_done, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::gate gate;
    auto const captured = std::make_shared<int>(0);
    typename Kind::pool pool(Kind::initialized(
        1,
        [](typename Kind::gate::handle g) {
            g.wait();
            throw std::out_of_range("no start");
        },
        gate.get_handle()));
    auto const call = pool.submit([captured] {});

    gate.open();
    call.wait();

    BOOST_TEST(captured.use_count() == 1);
    BOOST_CHECK_THROW(call.result(), typename Kind::broken_pool_error);
}

BOOST_AUTO_TEST_SUITE_END()
