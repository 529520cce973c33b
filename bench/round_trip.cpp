// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S4: one call at a time, and its result is waited for.

#include "support/contender.hpp"
#include "support/pools.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace {

constexpr std::size_t trips = 5'000;
constexpr std::size_t warm_up = 200;

template <class Pool>
double trip(Pool& pool)
{
    bench::stopwatch const watch;
    auto f = pool.submit([] { return 1; });
    bench::expect(Pool::get(f) == 1, "the result is wrong");
    return watch.seconds();
}

template <class Pool>
bench::outcome round_trips()
{
    Pool pool(bench::options().workers);
    for (std::size_t i = 0; i < warm_up; ++i)
        trip(pool);
    std::vector<double> times(bench::scaled(trips));

    bench::meter const meter;
    for (auto& t : times)
        t = trip(pool);
    auto result = meter.read(times.size());

    std::sort(times.begin(), times.end());
    result.more["median_us"] = times[times.size() / 2] * 1e6;
    result.more["p99_us"] = times[times.size() * 99 / 100] * 1e6;
    result.more["mean_us"] = result.seconds * 1e6 / static_cast<double>(times.size());
    return result;
}

bench::contenders const s4("S4", bench::future_pools(), []<class Pool>(std::type_identity<Pool>) {
    return round_trips<Pool>();
});

}  // namespace
