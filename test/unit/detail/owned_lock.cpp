// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/owned_lock.hpp>

#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

using namespace cofu::detail;

BOOST_AUTO_TEST_SUITE(owned_lock_exclusion)

BOOST_AUTO_TEST_CASE(R1_owner_and_others_never_hold_it_together)
{
    auto const turns = cofu::test::scaled(20'000);
    owned_lock lock;
    std::size_t guarded = 0;
    std::atomic<bool> owner_is_done{false};
    std::atomic<std::size_t> by_others{0};

    std::vector<std::jthread> others;
    for (int i = 0; i < 2; ++i)
        others.emplace_back([&] {
            do {
                std::lock_guard const guard(lock);
                ++guarded;
                by_others.fetch_add(1, std::memory_order_relaxed);
            } while (!owner_is_done.load(std::memory_order_relaxed));
        });
    for (std::size_t i = 0; i < turns; ++i) {
        own_guard const guard(lock);
        ++guarded;
    }
    owner_is_done.store(true, std::memory_order_relaxed);
    others.clear();

    BOOST_TEST(guarded == turns + by_others.load(std::memory_order_relaxed));
}

BOOST_AUTO_TEST_CASE(R1_the_owner_may_come_as_anybody)
{
    owned_lock lock;

    { own_guard const guard(lock); }
    { std::lock_guard const guard(lock); }
    { own_guard const guard(lock); }

    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
