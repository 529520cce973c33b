// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The mixed load: many connections that ask one request after another, each at once.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "../data/status_file.hpp"

namespace package_server {

enum endpoint : std::size_t { ping, packages, search, digest, endpoint_count };
inline constexpr char const* endpoint_names[] = {"/ping", "/packages", "/search", "/digest"};

struct load_plan {
    std::uint16_t port = 0;
    std::size_t connections = 64;
    std::chrono::milliseconds time{8000};
    std::size_t max_requests = 200'000;  ///< ends before its time when this many were sent
    std::uint64_t seed = 0;
    std::vector<package> asked;  ///< the packages to ask for, with what the answers must say
};

struct load_result {
    std::array<std::vector<std::chrono::nanoseconds>, endpoint_count> latency;
    std::chrono::nanoseconds elapsed{};
    std::size_t wrong = 0;    ///< answers with another status or body than they should have
    std::string first_wrong;  ///< what the first of them was

    std::size_t requests() const;
    /// Adds another load's answers and time to these.
    void add(load_result const& other);
};

/// Blocks until the load has run. Latency is taken from before a request is written until its whole
/// answer was read, by the client's clock; checking the answer is outside it.
load_result run_load(load_plan const& plan);

}  // namespace package_server
