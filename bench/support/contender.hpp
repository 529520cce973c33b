// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What takes part in a benchmark: one way of doing a scenario, which measures itself.

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>
#include <stdexcept>
#include <string>

namespace bench {

struct settings {
    std::size_t rounds = 1;   // each contender runs once a round, the first one another each time
    double size = 1;          // factor for every number of calls
    std::size_t workers = 2;  // threads of a pool
    bool patient = false;     // poll rarely: what waits must not count, as under callgrind
};
settings const& options() noexcept;

// A number of calls, by the size that was asked for.
std::size_t scaled(std::size_t calls) noexcept;

struct outcome {
    double seconds = 0;
    double cpu_seconds = 0;  // of all threads
    std::size_t calls = 0;
    benchmark::UserCounters more = {};  // what else was found
};

// Made before main(); its name is SCENARIO/CONTENDER. What it throws fails the benchmark.
struct contender {
    contender(std::string name, std::function<outcome()> run);
};

class stopwatch {
public:
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The time of the processor too: where others use the machine, it is the steadier figure.
class meter {
public:
    double seconds() const { return watch_.seconds(); }
    outcome read(std::size_t calls) const
    {
        return {seconds(), static_cast<double>(std::clock() - cpu_start_) / CLOCKS_PER_SEC, calls};
    }

private:
    std::clock_t cpu_start_ = std::clock();
    stopwatch watch_;
};

// The work was done, all of it and once.
inline void expect(bool condition, char const* otherwise)
{
    if (!condition)
        throw std::logic_error(otherwise);
}

}  // namespace bench
