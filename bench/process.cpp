// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The process pool: a call there and back, calls a second, a death, a start, a large argument.
// process_peers.py measures the same of CPython's pools.

#include "support/contender.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/map.hpp>
#include <cofu/process_pool_executor.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <ranges>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

namespace asio = boost::asio;

int next(int i) { return i + 1; }
int own_pid() { return ::getpid(); }
int wait_for_signal(int)
{
    for (;;)
        ::pause();
}
std::size_t length(std::string const& s) { return s.size(); }

bench::outcome of_times(std::vector<double> times, bench::meter const& meter)
{
    auto result = meter.read(times.size());
    std::sort(times.begin(), times.end());
    result.more["median_us"] = times[times.size() / 2] * 1e6;
    result.more["p99_us"] = times[times.size() * 99 / 100] * 1e6;
    return result;
}

cofu::process_pool_options workers(std::size_t n)
{
    cofu::process_pool_options o;
    o.max_workers = n;
    return o;
}

asio::awaitable<void> ask(cofu::process_pool_executor& pool, std::vector<double>& times)
{
    for (auto& t : times) {
        bench::stopwatch const watch;
        bench::expect(co_await pool.submit(&next, 1) == 2, "the result is wrong");
        t = watch.seconds();
    }
}

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

bench::outcome in_an_io_context()
{
    asio::io_context io(1);
    auto options = workers(1);
    options.io = io.get_executor();
    cofu::process_pool_executor pool(options);
    std::vector<double> warm(200), times(bench::scaled(5'000));
    asio::co_spawn(io, ask(pool, warm), rethrow);
    io.run();
    io.restart();
    asio::co_spawn(io, ask(pool, times), rethrow);
    bench::meter const meter;
    io.run();
    return of_times(std::move(times), meter);
}

bench::outcome from_a_thread()
{
    cofu::process_pool_executor pool(workers(1));
    std::vector<double> times(bench::scaled(5'000));
    for (int i = 0; i < 200; ++i)
        bench::expect(pool.submit(&next, i).result() == i + 1, "the result is wrong");
    bench::meter const meter;
    for (auto& t : times) {
        bench::stopwatch const watch;
        bench::expect(pool.submit(&next, 1).result() == 2, "the result is wrong");
        t = watch.seconds();
    }
    return of_times(std::move(times), meter);
}

bench::outcome mapped(std::size_t calls, std::size_t chunk)
{
    cofu::process_pool_executor pool(bench::options().workers);
    for (int i = 0; i < 200; ++i)
        bench::expect(pool.submit(&next, i).result() == i + 1, "the result is wrong");
    auto const n = bench::scaled(calls);
    bench::meter const meter;
    long sum = 0;
    cofu::map_options options;
    options.chunksize = chunk;
    for (int x : pool.map(options, &next, std::views::iota(0, static_cast<int>(n))))
        sum += x;
    auto result = meter.read(n);
    bench::expect(sum == static_cast<long>(n) * (static_cast<long>(n) + 1) / 2,
                  "the results are wrong");
    return result;
}

// From the signal to the future's end.
bench::outcome death()
{
    cofu::process_pool_executor pool(workers(1));
    std::vector<double> times(std::max<std::size_t>(5, bench::scaled(50)));
    bench::meter const meter;
    for (auto& t : times) {
        auto const pid = pool.submit(&own_pid).result();
        auto const lost = pool.submit(&wait_for_signal, 0);
        while (!lost.running())
            ::usleep(50);
        bench::stopwatch const watch;
        ::kill(pid, SIGKILL);
        lost.wait();
        t = watch.seconds();
        bench::expect(lost.exception() != nullptr, "the call survived");
    }
    return of_times(std::move(times), meter);
}

std::vector<char> touched_memory(std::size_t mib)
{
    std::vector<char> memory(mib << 20);
    for (std::size_t i = 0; i < memory.size(); i += 4096)
        memory[i] = 1;
    return memory;
}

double time_of_a_call(cofu::process_pool_executor& pool)
{
    bench::stopwatch const watch;
    pool.submit(&next, 1).wait();
    return watch.seconds();
}

// From the call that needs one worker more to its result.
bench::outcome one_more(std::size_t mib)
{
    auto const ballast = touched_memory(mib);
    std::vector<double> times(std::max<std::size_t>(5, bench::scaled(40)));
    bench::meter const meter;
    for (auto& t : times) {
        cofu::process_pool_executor pool(workers(2));
        auto const busy = pool.submit(&wait_for_signal, 0);
        while (!busy.running())
            ::usleep(50);
        t = time_of_a_call(pool);
        pool.kill_workers();
    }
    return of_times(std::move(times), meter);
}

// The same of a pool's first worker: its I/O thread and its link to the fork server, which runs,
// are made too.
bench::outcome first(std::size_t mib)
{
    auto const ballast = touched_memory(mib);
    cofu::process_pool_executor keeper(workers(1));
    keeper.submit(&next, 1).wait();
    std::vector<double> times(std::max<std::size_t>(5, bench::scaled(40)));
    bench::meter const meter;
    for (auto& t : times) {
        cofu::process_pool_executor pool(workers(1));
        t = time_of_a_call(pool);
    }
    return of_times(std::move(times), meter);
}

bench::outcome large_argument()
{
    constexpr std::size_t size = std::size_t(64) << 20;
    cofu::process_pool_executor pool(1);
    std::string const data(size, 'x');
    bench::expect(pool.submit(&length, data).result() == size, "the result is wrong");
    auto const n = std::max<std::size_t>(3, bench::scaled(8));
    bench::meter const meter;
    for (std::size_t i = 0; i < n; ++i)
        bench::expect(pool.submit(&length, data).result() == size, "the result is wrong");
    auto result = meter.read(n);
    result.more["gb_per_s"] = static_cast<double>(size * n) / result.seconds / 1e9;
    return result;
}

bench::contender const contenders[] = {
    {"P1/cofu", in_an_io_context},
    {"P2/cofu", from_a_thread},
    {"P3/cofu", [] { return mapped(100'000, 1); }},
    {"P3x100/cofu", [] { return mapped(1'000'000, 100); }},
    {"P4/cofu", death},
    {"P5/cofu", [] { return one_more(0); }},
    {"P5at1GiB/cofu", [] { return one_more(1024); }},
    {"P5first/cofu", [] { return first(0); }},
    {"P6/cofu", large_argument},
};

}  // namespace
