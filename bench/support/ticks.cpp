// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "ticks.hpp"

#include "contender.hpp"

#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace bench {

namespace {

struct counters {
    std::mutex mutex;
    std::deque<tick_counter> all;     // guarded by the mutex
    std::vector<tick_counter*> free;  // guarded by the mutex
};

// Never destroyed: threads of other libraries may outlive static objects.
counters& registry()
{
    static auto& r = *new counters;
    return r;
}

struct registration {
    tick_counter* counter = nullptr;

    ~registration()
    {
        own_ticks = nullptr;
        if (!counter)
            return;
        std::lock_guard lock(registry().mutex);
        registry().free.push_back(counter);
    }
};

}  // namespace

tick_counter& count_this_thread()
{
    thread_local registration mine;
    auto& r = registry();
    std::lock_guard lock(r.mutex);
    if (r.free.empty())
        r.free.push_back(&r.all.emplace_back());
    mine.counter = own_ticks = r.free.back();
    r.free.pop_back();
    return *own_ticks;
}

std::uint64_t ticks()
{
    auto& r = registry();
    std::lock_guard lock(r.mutex);
    std::uint64_t sum = 0;
    for (auto const& counter : r.all)
        sum += counter.value.load(std::memory_order_acquire);
    return sum;
}

void wait_for_ticks(std::uint64_t goal)
{
    auto const pause = std::chrono::microseconds(options().patient ? 5'000 : 20);
    while (ticks() < goal)
        std::this_thread::sleep_for(pause);
}

}  // namespace bench
