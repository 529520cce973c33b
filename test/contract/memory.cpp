// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The memory that calls leave behind.

#include "contract/pool_kinds.hpp"
#include "support/sanitizers.hpp"
#include "support/scale.hpp"

#include <cofu/release_memory.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <vector>

#include <unistd.h>

using namespace cofu::test;

namespace {

std::ptrdiff_t resident_bytes()
{
    std::ptrdiff_t total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE);
}

constexpr std::ptrdiff_t mib = 1024 * 1024;

template <class Pool>
void burst(Pool& pool, std::size_t calls)
{
    std::vector<cofu::future<int>> futures;
    futures.reserve(calls);
    for (std::size_t i = 0; i < calls; ++i)
        futures.push_back(pool.submit([] { return 1; }));
    for (auto const& f : futures)
        f.wait();
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(R3_bursts_of_calls_do_not_pile_up_memory, Kind,
                              shared_memory_pool_kinds)
{
    if (under_sanitizer)
        return;
    rng random;
    typename Kind::pool pool(Kind::workers(2));
    auto const bursts = [&](std::size_t n) {
        for (std::size_t i = 0; i < n; ++i)
            burst(pool, 1 + random.below(1000));
    };

    bursts(scaled(400));
    auto const before = resident_bytes();
    bursts(scaled(4'000));

    BOOST_TEST(resident_bytes() - before <= mib);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R3_a_pool_that_ended_keeps_little, Kind, shared_memory_pool_kinds)
{
    if (under_sanitizer)
        return;
    { // what the first pool of a process needs for good
        typename Kind::pool pool(Kind::workers(2));
        burst(pool, 100'000);
    }
    cofu::release_memory();
    auto const before = resident_bytes();
    std::vector<cofu::future<int>> kept;
    {
        typename Kind::pool pool(Kind::workers(2));
        burst(pool, 100'000);  // some 12 MiB
        kept.push_back(pool.submit([] { return 1; }));
        burst(pool, 100'000);
    }

    // What the C library keeps counts too.
    BOOST_TEST(resident_bytes() - before <= 4 * mib);
    BOOST_TEST(kept.front().result() == 1);
}
