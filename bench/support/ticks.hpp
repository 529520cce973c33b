// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Counts finished calls without being what is measured: each thread counts on a cache line of its
// own, and the one that waits looks at them now and then.

#include <atomic>
#include <cstdint>

namespace bench {

struct alignas(128) tick_counter {
    std::atomic<std::uint64_t> value{0};  // written by one thread
};

inline constinit thread_local tick_counter* own_ticks = nullptr;

// Gives this thread a counter until it ends; what it counted stays.
tick_counter& count_this_thread();

inline void tick()
{
    auto* const counter = own_ticks ? own_ticks : &count_this_thread();
    counter->value.store(counter->value.load(std::memory_order_relaxed) + 1,
                         std::memory_order_release);
}

// Those of all threads since the program began.
std::uint64_t ticks();
void wait_for_ticks(std::uint64_t goal);

}  // namespace bench
