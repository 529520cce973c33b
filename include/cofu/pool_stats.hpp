// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a pool counts.

#include <cstddef>
#include <cstdint>

namespace cofu {

/// One pass over a pool's counters. Each is exact and the last four only grow; they add up
/// (submitted = queued + running + finished + failed + cancelled) whenever the pool is quiet.
struct pool_stats {
    std::size_t workers = 0;      ///< threads that exist
    std::size_t idle = 0;         ///< of these, asleep
    std::size_t queued = 0;       ///< calls that wait for a worker
    std::size_t running = 0;      ///< calls that run
    std::uint64_t submitted = 0;  ///< calls that were ever accepted
    std::uint64_t finished = 0;   ///< calls that returned a value
    std::uint64_t failed = 0;     ///< calls that threw, or that a broken pool failed
    std::uint64_t cancelled = 0;  ///< calls that will never run
};

}  // namespace cofu
