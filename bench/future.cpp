// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S2: many calls are submitted, then all results are read and all futures destroyed. Steady state:
// it is done once before, so everybody's memory is there.

#include "support/contender.hpp"
#include "support/pools.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace {

constexpr std::size_t calls = 200'000;

template <class Pool>
std::size_t number_of_calls()
{
    if constexpr (requires { Pool::most_at_once; })
        return std::min(bench::scaled(calls), Pool::most_at_once);
    else
        return bench::scaled(calls);
}

template <class Pool>
bench::outcome futures()
{
    auto const count = number_of_calls<Pool>();
    auto const warm_up = bench::options().patient ? 1 : count;
    auto const make_call = [](long i) { return [i] { return i; }; };
    using future = decltype(std::declval<Pool&>().submit(make_call(0)));

    Pool pool(bench::options().workers);
    std::vector<future> all;
    all.reserve(count);
    auto const burst = [&](std::size_t size) {
        long sum = 0;
        for (std::size_t i = 0; i < size; ++i)
            all.push_back(pool.submit(make_call(static_cast<long>(i))));
        for (auto& f : all)
            sum += Pool::get(f);
        all.clear();
        return sum;
    };
    burst(warm_up);

    bench::meter const meter;
    auto const sum = burst(count);
    auto const result = meter.read(count);

    bench::expect(sum == static_cast<long>(count * (count - 1) / 2), "the results are wrong");
    return result;
}

bench::contenders const s2("S2", bench::future_pools(),
                           []<class Pool>(std::type_identity<Pool>) { return futures<Pool>(); });

}  // namespace
