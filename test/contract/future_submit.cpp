// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// R4: a submission that fails has moved nothing from its arguments.

#include "pool_kinds.hpp"

#include "support/counted.hpp"
#include "support/fail_nth.hpp"
#include "support/sanitizers.hpp"

#include <cofu/release_memory.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

using namespace cofu::test;

namespace {

// A function object and an argument that show whether they were moved from.
struct owner {
    std::unique_ptr<int> held = std::make_unique<int>(1);

    int operator()(std::unique_ptr<int> p) { return *held + *p; }
};

struct cargo {
    owner function;
    std::unique_ptr<int> argument = std::make_unique<int>(2);

    bool is_whole() const { return function.held && argument; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(future_submit)

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_a_submission_moves_function_and_arguments, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cargo c;

    auto const f = pool.submit(std::move(c.function), std::move(c.argument));

    BOOST_TEST(f.result() == 3);
    BOOST_TEST(!c.function.held);
    BOOST_TEST(!c.argument);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_a_full_queue_moves_nothing, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::bounded(1, 1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto const waiting = pool.submit([] {});
    cargo c;

    BOOST_CHECK_THROW(pool.submit(std::move(c.function), std::move(c.argument)),
                      cofu::queue_full_error);
    bool const after_submit = c.is_whole();
    auto const none = pool.try_submit(std::move(c.function), std::move(c.argument));

    BOOST_TEST(after_submit);
    BOOST_TEST(!none.has_value());
    BOOST_TEST(c.is_whole());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_a_pool_that_was_shut_down_moves_nothing, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    pool.shutdown();
    cargo c;

    BOOST_CHECK_THROW(pool.submit(std::move(c.function), std::move(c.argument)),
                      cofu::shut_down_error);
    BOOST_CHECK_THROW(pool.try_submit(std::move(c.function), std::move(c.argument)),
                      cofu::shut_down_error);

    BOOST_TEST(c.is_whole());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_a_broken_pool_moves_nothing, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::initialized(1, [] { throw std::out_of_range("no start"); }));
    BOOST_CHECK_THROW(pool.submit([] {}).result(), typename Kind::broken_pool_error);
    cargo c;

    BOOST_CHECK_THROW(pool.submit(std::move(c.function), std::move(c.argument)),
                      typename Kind::broken_pool_error);

    BOOST_TEST(c.is_whole());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_memory_that_runs_out_moves_nothing, Kind, shared_memory_pool_kinds)
{
    if (under_tsan)
        return;  // slabs come from its malloc, which nothing can be put before
    typename Kind::pool pool(Kind::workers(1));
    pool.submit([] {}).wait();
    std::size_t torn = 0, failed = 0;

    for (std::size_t k = 1; k <= failed + 1; ++k) {
        cargo c;
        cofu::release_memory();  // so that a call's memory is an allocation
        fail_allocation guard(k);
        try {
            pool.submit(std::move(c.function), std::move(c.argument));
        } catch (std::bad_alloc const&) {
            guard.disarm();
            ++failed;
            torn += !c.is_whole();
        }
    }

    BOOST_TEST(failed > 0u);
    BOOST_TEST(torn == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_a_refused_call_leaves_no_trace, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::bounded(1, 1));
    typename Kind::gate gate, never;
    auto const busy = occupy<Kind>(pool, gate);
    auto const waiting = pool.submit([] { return 1; });

    BOOST_CHECK_THROW(
        pool.submit([](typename Kind::gate::handle g) { g.arrive(); }, never.get_handle()),
        cofu::queue_full_error);
    gate.open();
    pool.shutdown();

    BOOST_TEST(never.arrived() == 0u);
    BOOST_TEST(waiting.result() == 1);
    BOOST_TEST(pool.stats().finished == 2u);
}

// An argument whose copy throws: the place in the queue is given back.
BOOST_AUTO_TEST_CASE_TEMPLATE(R4_an_argument_that_can_t_be_copied_gives_the_place_back, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::bounded(1, 1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    tally_since<throwing_copy> const since;
    throwing_copy const argument(1);

    BOOST_CHECK_THROW(pool.submit([](throwing_copy const&) {}, argument), transfer_failed);
    auto const live = since().live;
    auto const fits = pool.try_submit([] { return 2; });
    gate.open();

    BOOST_TEST(live == 1);
    BOOST_TEST(fits.has_value());
    BOOST_TEST(fits->result() == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R4_completing_a_call_allocates_nothing, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    std::vector<cofu::future<int>> calls;
    auto const busy = occupy<Kind>(pool, gate);
    for (int i = 0; i < 100; ++i)
        calls.push_back(pool.submit([] { return 1; }));

    count_allocations all(watched::whole_process);
    gate.open();
    for (auto const& f : calls)
        f.wait();
    all.disarm();

    BOOST_TEST(all.seen() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
