// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How long a cache line takes to another processor and back. The host of a virtual machine decides
// that anew now and then, and unpinned figures go with it.

#include "support/contender.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

#include <sched.h>

namespace {

constexpr unsigned trips = 20'000;

int nth_processor(int n)
{
    cpu_set_t all;
    bench::expect(sched_getaffinity(0, sizeof all, &all) == 0, "no processors");
    for (int i = 0; i < CPU_SETSIZE; ++i)
        if (CPU_ISSET(i, &all) && n-- == 0)
            return i;
    throw std::runtime_error("a line needs two processors");
}

void run_on(int processor)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    bench::expect(sched_setaffinity(0, sizeof one, &one) == 0, "not on that processor");
}

// Both spin: not on one processor.
bench::outcome there_and_back()
{
    int const here = nth_processor(0);
    int const there = nth_processor(1);
    alignas(64) std::atomic<unsigned> line{0};
    bench::outcome found;
    {
        std::jthread const partner([&] {
            run_on(there);
            for (unsigned i = 0; i != trips; ++i) {
                while (line.load(std::memory_order_acquire) != 2 * i + 1) {
                }
                line.store(2 * i + 2, std::memory_order_release);
            }
        });
        std::jthread const own([&] {
            run_on(here);
            bench::meter const meter;
            for (unsigned i = 0; i != trips; ++i) {
                line.store(2 * i + 1, std::memory_order_release);
                while (line.load(std::memory_order_acquire) != 2 * i + 2) {
                }
            }
            found = meter.read(trips);
        });
    }
    return found;
}

bench::contender const machine("line/machine", &there_and_back);

}  // namespace
