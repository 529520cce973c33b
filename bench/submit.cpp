// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S1: one thread gives the pool small calls and nobody asks for their outcome. S1x4: four threads
// do. S1v: its variants, by a thread outside (flat) or a call of the pool (nested), with closures of
// 8 or 256 bytes. Steady state: as many were given before, so everybody's memory is there.

#include "support/contender.hpp"
#include "support/pools.hpp"
#include "support/ticks.hpp"

#include <array>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

constexpr std::size_t calls = 1'000'000;
constexpr std::size_t calls_of_a_variant = 50'000;

// Where instructions are counted it must not grow with what is counted.
std::size_t warm_up_calls() { return bench::options().patient ? 2'000 : bench::scaled(calls); }

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

template <std::size_t Bytes>
struct tick_and_carry {
    std::array<char, Bytes> captured{};

    void operator()() const
    {
        benchmark::DoNotOptimize(captured);
        bench::tick();
    }
};

enum class submitter { outside, worker };

template <std::size_t Bytes, class Pool>
void post_variant(Pool& pool, submitter by, std::size_t count)
{
    auto const goal = bench::ticks() + count;
    if (by == submitter::outside)
        for (std::size_t i = 0; i < count; ++i)
            pool.post(tick_and_carry<Bytes>());
    else
        pool.post([&pool, count] {
            for (std::size_t i = 0; i < count; ++i)
                bench::post_nested(pool, tick_and_carry<Bytes>());
        });
    bench::wait_for_ticks(goal);
}

template <std::size_t Bytes, class Pool>
bench::outcome variant(submitter by)
{
    auto const count = bench::scaled(calls_of_a_variant);
    Pool pool(bench::options().workers);
    post_variant<Bytes>(pool, by, count);
    bench::meter const meter;
    post_variant<Bytes>(pool, by, count);
    return meter.read(count);
}

template <std::size_t Producers>
struct producers {
    explicit producers(std::string const& scenario)
    {
        bench::contenders(
            scenario, bench::posting_pools(),
            []<class Pool>(std::type_identity<Pool>) { return submit<Pool, Producers>(); });
    }
};

template <std::size_t Bytes>
struct variants {
    variants()
    {
        auto const bytes = '_' + std::to_string(Bytes) + 'B';
        bench::contenders("S1v/flat" + bytes, bench::posting_pools(),
                          []<class Pool>(std::type_identity<Pool>) {
                              return variant<Bytes, Pool>(submitter::outside);
                          });
        bench::contenders("S1v/nested" + bytes, bench::nesting_pools(),
                          []<class Pool>(std::type_identity<Pool>) {
                              return variant<Bytes, Pool>(submitter::worker);
                          });
    }
};

producers<1> const s1("S1");
producers<4> const s1x4("S1x4");
variants<8> const small;
variants<256> const large;

}  // namespace
