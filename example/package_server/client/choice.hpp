// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Which packages and words the demo asks for, by its seed.

#pragma once

#include <random>
#include <vector>

#include "../data/status_file.hpp"

namespace package_server {

/// At most `count` different packages of up to `max_kib`, in an order drawn from the generator.
inline std::vector<package> choose(std::vector<package> packages, std::uint64_t max_kib,
                                   std::size_t count, std::mt19937_64& random)
{
    std::erase_if(packages, [&](package const& p) { return p.installed_kib > max_kib; });
    for (std::size_t i = packages.size(); i > 1; --i)
        std::swap(packages[i - 1], packages[random() % i]);
    if (packages.size() > count)
        packages.erase(packages.begin() + count, packages.end());
    return packages;
}

inline constexpr char const* search_words[] = {"library", "python", "gnu",    "data",
                                               "perl",    "server", "shared", "debian"};

}  // namespace package_server
