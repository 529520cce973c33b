// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S1: one thread gives the pool small calls and nobody asks for their outcome. S1x4: four threads
// do. Steady state: as many were given before, so everybody's memory is there.

#include "support/contender.hpp"
#include "support/pools.hpp"
#include "support/ticks.hpp"

#include <thread>
#include <vector>

namespace {

constexpr std::size_t calls = 300'000;

// Where instructions are counted it must not grow with what is counted.
std::size_t warm_up_calls()
{
    return bench::options().patient ? 2'000 : bench::scaled(calls);
}

template <class Pool>
void post_ticks(Pool& pool, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        pool.post([] { bench::tick(); });
}

template <class Pool, std::size_t Producers>
bench::outcome submit()
{
    auto const each = bench::scaled(calls / Producers);
    auto const warm_up = warm_up_calls();
    auto const start = bench::ticks();
    auto const goal = start + warm_up + each * Producers;
    bench::outcome result;
    {
        Pool pool(bench::options().workers);
        post_ticks(pool, warm_up);
        bench::wait_for_ticks(start + warm_up);

        bench::meter const meter;
        if constexpr (Producers == 1) {
            post_ticks(pool, each);
        } else {
            std::vector<std::jthread> producers;
            for (std::size_t i = 0; i < Producers; ++i)
                producers.emplace_back([&] { post_ticks(pool, each); });
        }
        auto const submitted = meter.seconds();
        bench::wait_for_ticks(goal);
        result = meter.read(each * Producers);
        result.more["producer_ns"] = submitted * 1e9 / static_cast<double>(each * Producers);
    }
    bench::expect(bench::ticks() == goal, "a call ran twice");
    return result;
}

bench::contender const contenders[] = {
    {"S1/asio_post", submit<bench::asio_post, 1>},
    {"S1/cofu_post", submit<bench::cofu_post, 1>},
    {"S1/cofu_submit", submit<bench::cofu_submit, 1>},
    {"S1x4/asio_post", submit<bench::asio_post, 4>},
    {"S1x4/cofu_post", submit<bench::cofu_post, 4>},
    {"S1x4/cofu_submit", submit<bench::cofu_submit, 4>},
};

}  // namespace
