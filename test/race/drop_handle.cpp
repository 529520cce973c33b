// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Who frees the block: handles are dropped while the call completes, is cancelled or stopped.

#include "two_sides.hpp"

#include <cofu/promise.hpp>
#include <cofu/thread_pool_executor.hpp>

#include "support/counted.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <optional>

using namespace cofu::test;

namespace {

struct shared_call {
    std::optional<cofu::promise<counted>> p{std::in_place};
    std::optional<cofu::future<counted>> f{p->get_future()};
    std::optional<cofu::future<counted>> g{f};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(drop_handle, *time_limit(120))

BOOST_AUTO_TEST_CASE(R3_two_handles_are_dropped_at_once)
{
    tally_since<counted> const since;

    race<shared_call>(
        scaled(300'000), [](shared_call& c) { c.f.reset(); }, [](shared_call& c) { c.g.reset(); },
        [](shared_call&) {});

    BOOST_TEST(since().live == 0);
}

BOOST_AUTO_TEST_CASE(R3_a_handle_is_dropped_while_a_value_is_set)
{
    tally_since<counted> const since;

    race<shared_call>(
        scaled(300'000),
        [](shared_call& c) {
            c.p->set_result(1);
            c.p.reset();
        },
        [](shared_call& c) {
            c.f.reset();
            c.g.reset();
        },
        [](shared_call&) {});

    BOOST_TEST(since().live == 0);
}

BOOST_AUTO_TEST_CASE(R3_the_last_handle_cancels_while_the_promise_goes)
{
    race<shared_call>(
        scaled(300'000), [](shared_call& c) { c.p.reset(); },
        [](shared_call& c) {
            c.f.reset();
            c.g->cancel();
            c.g.reset();
        },
        [](shared_call&) {});

    BOOST_TEST(true);  // leak_guard counts the states
}

BOOST_AUTO_TEST_CASE(R3_the_last_handle_requests_a_stop_while_the_promise_goes)
{
    race<shared_call>(
        scaled(200'000),
        [](shared_call& c) {
            if (c.p->set_running_or_notify_cancel())
                c.p->set_result(1);
            c.p.reset();
        },
        [](shared_call& c) {
            c.f.reset();
            c.g->request_stop();
            c.g.reset();
        },
        [](shared_call&) {});

    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(R3_handles_of_calls_are_dropped_while_a_pool_runs_them)
{
    tally_since<counted> const since;
    rng random;
    {
        cofu::thread_pool_executor pool(2);
        for (std::size_t i = 0; i < scaled(100'000); ++i) {
            auto f = pool.submit([](counted const& c) { return c; }, counted(1));
            switch (random.below(4)) {
            case 0:
                f.cancel();
                break;
            case 1:
                f.request_stop();
                break;
            case 2:
                f.add_done_callback([](auto) {});
                break;
            default:
                break;
            }
        }
    }

    BOOST_TEST(since().live == 0);
}

BOOST_AUTO_TEST_CASE(R3_handles_are_dropped_on_a_worker_while_others_take_the_calls)
{
    constexpr int calls = 8;
    tally_since<counted> const since;
    std::atomic<std::size_t> runs{0};
    {
        cofu::thread_pool_executor pool(3);
        auto const submit_some = [&pool, &runs](counted const&) {
            for (int i = 0; i < calls; ++i)
                pool.submit([&runs](counted const&) { ++runs; }, counted(1));
        };
        for (std::size_t i = 0; i < scaled(30'000); ++i)
            pool.submit(submit_some, counted(1));
    }

    BOOST_TEST(runs == calls * scaled(30'000));
    BOOST_TEST(since().live == 0);
}

BOOST_AUTO_TEST_SUITE_END()
