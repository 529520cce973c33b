// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "scale.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

namespace cofu::test {
namespace {

double scale_from_environment()
{
    char const* text = std::getenv("COFU_TEST_SCALE");
    return text ? std::max(0.0, std::atof(text)) : 1.0;
}

std::uint64_t seed_from_environment()
{
    if (char const* text = std::getenv("COFU_TEST_SEED"))
        return std::strtoull(text, nullptr, 0);
    std::random_device source;
    return (std::uint64_t(source()) << 32) | source();
}

} // namespace

std::size_t scaled(std::size_t full)
{
    static double const scale = scale_from_environment();
    return std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(full) * scale));
}

std::uint64_t seed()
{
    static std::uint64_t const value = seed_from_environment();
    return value;
}

rng::result_type rng::operator()() noexcept
{
    auto z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

} // namespace cofu::test
