// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S7: what an idle pool costs: processor time after some work; memory of one that may have 64
// workers, after 64 short calls, and after 64 calls that were there at once, so that each has its
// worker. Each is measured in a process of its own, so that no thread stack is a used one.

#include "support/contender.hpp"
#include "support/pools.hpp"
#include "support/ticks.hpp"

#include <fstream>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>

#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::size_t warm_up = 1'000;
constexpr std::size_t many_workers = 64;
constexpr auto idle_time = std::chrono::milliseconds(300);
constexpr auto settling = std::chrono::milliseconds(50);

double in_child(double (*measure)())
{
    int ends[2];
    bench::expect(pipe(ends) == 0, "no pipe");
    auto const child = fork();
    bench::expect(child >= 0, "no child");
    if (child == 0) {
        double const found = measure();
        _exit(write(ends[1], &found, sizeof found) == sizeof found ? 0 : 1);
    }
    double found = 0;
    close(ends[1]);
    bool const complete = read(ends[0], &found, sizeof found) == sizeof found;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    bench::expect(complete, "the child died");
    return found;
}

// Counted page by page: the sums that statm shows are exact to some hundred KiB only.
double resident_kib()
{
    std::ifstream file("/proc/self/smaps_rollup");
    for (std::string word; file >> word;)
        if (double kib = 0; word == "Rss:" && file >> kib)
            return kib;
    throw std::runtime_error("/proc/self/smaps_rollup can't be read");
}

template <class Pool>
void run_ticks(Pool& pool, std::size_t count)
{
    auto const goal = bench::ticks() + count;
    for (std::size_t i = 0; i < count; ++i)
        pool.post([] { bench::tick(); });
    bench::wait_for_ticks(goal);
    std::this_thread::sleep_for(settling);
}

template <class Pool>
double idle_cpu_percent()
{
    Pool pool(bench::options().workers);
    run_ticks(pool, warm_up);
    bench::meter const meter;
    std::this_thread::sleep_for(idle_time);
    auto const found = meter.read(1);
    return found.cpu_seconds / found.seconds * 100;
}

template <class Pool>
void run_at_once(Pool& pool, std::size_t count)
{
    std::latch all(static_cast<std::ptrdiff_t>(count) + 1);
    for (std::size_t i = 0; i < count; ++i)
        pool.post([&all] { all.arrive_and_wait(); });
    all.arrive_and_wait();
    std::this_thread::sleep_for(settling);
}

// Of the workers: what the first pool costs a program once, and the first measurement, their code
// above all, is there before.
template <class Pool, void (*run)(Pool&, std::size_t)>
double idle_kib()
{
    {
        Pool first(1);
        run(first, 1);
    }
    resident_kib();
    auto const before = resident_kib();
    Pool pool(many_workers);
    run(pool, many_workers);
    return resident_kib() - before;
}

template <class Pool>
bench::outcome idle()
{
    bench::meter const meter;
    auto const cpu = in_child(idle_cpu_percent<Pool>);
    auto const after_short_calls = in_child(idle_kib<Pool, run_ticks<Pool>>);
    auto const after_calls_at_once = in_child(idle_kib<Pool, run_at_once<Pool>>);
    auto result = meter.read(1);
    result.more["idle_cpu_percent"] = cpu;
    result.more["kib_of_64"] = after_short_calls;
    result.more["kib_of_64_at_once"] = after_calls_at_once;
    return result;
}

using pools = decltype(bench::pool_list<bench::asio_post>() + bench::tbb_posting_pools()
                       + bench::pool_list<bench::cofu_submit>());

bench::contenders const s7("S7", pools(),
                           []<class Pool>(std::type_identity<Pool>) { return idle<Pool>(); });

}  // namespace
