// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How much of a long test to run, and its random numbers: COFU_TEST_SCALE and COFU_TEST_SEED.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace cofu::test {

/// `full` times COFU_TEST_SCALE (default 1), at least 1.
std::size_t scaled(std::size_t full);

/// `full` where COFU_TEST_SCALE is a tenth or more, else less in proportion: for counts that take
/// seconds, in runs that repeat a suite.
inline int at_most(int full)
{
    return static_cast<int>(
        std::min(static_cast<std::size_t>(full), scaled(10 * static_cast<std::size_t>(full))));
}

/// The seed of this run: COFU_TEST_SEED, or random. A failed case prints it.
std::uint64_t seed();

/// A small generator (splitmix64) that gives the same numbers everywhere; a
/// UniformRandomBitGenerator.
class rng
{
public:
    using result_type = std::uint64_t;

    rng() : rng(seed()) {}
    explicit rng(std::uint64_t start) noexcept : state_(start) {}

    static constexpr result_type min() noexcept { return 0; }
    static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

    result_type operator()() noexcept;

    /// A number in [0, bound). Precondition: `bound` is not 0.
    std::size_t below(std::size_t bound) noexcept { return (*this)() % bound; }

    /// True once in `times` on average.
    bool once_in(std::size_t times) noexcept { return below(times) == 0; }

private:
    std::uint64_t state_;
};

} // namespace cofu::test
