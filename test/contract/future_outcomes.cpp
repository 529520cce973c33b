// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// R1: whatever happens, every future reaches exactly one end.

#include "pool_kinds.hpp"

#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <stdexcept>
#include <vector>

using namespace cofu::test;

namespace {

// How the futures of a round ended.
struct outcomes {
    std::size_t values = 0, exceptions = 0, cancelled = 0, undone = 0;

    void count(cofu::future<int> const& f)
    {
        if (!f.done())
            ++undone;
        else if (f.cancelled())
            ++cancelled;
        else if (f.exception())
            ++exceptions;
        else
            ++values;
    }
};

int fail_if_odd(int n) { return n % 2 ? throw std::out_of_range("odd") : n; }

}  // namespace

BOOST_AUTO_TEST_SUITE(future_outcomes)

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_after_a_draining_shutdown_all_are_finished, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> all;
    for (int i = 0; i < 100; ++i)
        all.push_back(pool.submit(&fail_if_odd, i));

    pool.shutdown();

    outcomes o;
    for (auto const& f : all)
        o.count(f);
    BOOST_TEST(o.values == 50u);
    BOOST_TEST(o.exceptions == 50u);
    BOOST_TEST(o.undone == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_after_a_cancelling_shutdown_all_are_done, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    std::vector<cofu::future<int>> all;
    for (int i = 0; i < 100; ++i)
        all.push_back(pool.submit(&fail_if_odd, i));

    pool.shutdown({.wait = false, .cancel_futures = true});
    outcomes o;
    for (auto const& f : all)
        o.count(f);
    gate.open();
    pool.shutdown();

    BOOST_TEST(o.cancelled == 100u);
    BOOST_TEST((busy.exception() == nullptr));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_a_broken_pool_ends_all_with_its_error, Kind, pool_kinds)
{
    typename Kind::gate gate;
    typename Kind::pool pool(Kind::initialized(
        1,
        [](typename Kind::gate::handle g) {
            g.wait();
            throw std::out_of_range("no start");
        },
        gate.get_handle()));
    std::vector<cofu::future<int>> all;
    for (int i = 0; i < 10; ++i)
        all.push_back(pool.submit(&fail_if_odd, i));

    gate.open();
    std::size_t broken = 0;
    for (auto const& f : all) {
        try {
            f.result();
        } catch (typename Kind::broken_pool_error const&) {
            ++broken;
        }
    }

    BOOST_TEST(broken == 10u);
}

// Calls end by themselves, are cancelled, stopped and dropped while the pool ends in some way.
BOOST_AUTO_TEST_CASE_TEMPLATE(R1_in_any_mixture, Kind, pool_kinds)
{
    rng random;
    outcomes o;
    std::size_t total = 0;
    for (std::size_t round = 0; round < scaled(100); ++round) {
        std::vector<cofu::future<int>> all;
        {
            typename Kind::pool pool(Kind::workers(1 + random.below(3)));
            for (int i = 0; i < 50; ++i) {
                auto f = pool.submit(&fail_if_odd, i);
                switch (random.below(4)) {
                case 0:
                    f.cancel();
                    break;
                case 1:
                    f.request_stop();
                    break;
                default:
                    break;
                }
                if (!random.once_in(5))
                    all.push_back(std::move(f));
            }
            if (random.once_in(2))
                pool.shutdown({.wait = random.once_in(2), .cancel_futures = true});
        }
        total += all.size();
        for (auto const& f : all)
            o.count(f);
    }

    BOOST_TEST(o.undone == 0u);
    BOOST_TEST(o.values + o.exceptions + o.cancelled == total);
}

BOOST_AUTO_TEST_SUITE_END()
