// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S3: a call gives the pool two more, and those two each, down to the leaves.

#include "support/contender.hpp"
#include "support/pools.hpp"
#include "support/ticks.hpp"

#include <bit>
#include <type_traits>

namespace {

constexpr std::size_t leaves = std::size_t{1} << 19;
constexpr unsigned warm_up_depth = 8;

template <class Pool>
struct branch {
    Pool* pool;
    unsigned depth;

    void operator()() const
    {
        if (depth == 0) {
            bench::tick();
            return;
        }
        bench::post_nested(*pool, branch{pool, depth - 1});
        bench::post_nested(*pool, branch{pool, depth - 1});
    }
};

template <class Pool>
void grow(Pool& pool, unsigned depth)
{
    auto const goal = bench::ticks() + (std::uint64_t{1} << depth);
    pool.post(branch<Pool>{&pool, depth});
    bench::wait_for_ticks(goal);
}

template <class Pool>
bench::outcome tree()
{
    auto const depth = static_cast<unsigned>(std::bit_width(bench::scaled(leaves)) - 1);
    auto const goal =
        bench::ticks() + (std::uint64_t{1} << warm_up_depth) + (std::uint64_t{1} << depth);
    bench::outcome result;
    {
        Pool pool(bench::options().workers);
        grow(pool, warm_up_depth);
        bench::meter const meter;
        grow(pool, depth);
        result = meter.read((std::size_t{2} << depth) - 1);
    }
    bench::expect(bench::ticks() == goal, "a call ran twice");
    return result;
}

bench::contenders const s3("S3", bench::nesting_pools(),
                           []<class Pool>(std::type_identity<Pool>) { return tree<Pool>(); });

}  // namespace
