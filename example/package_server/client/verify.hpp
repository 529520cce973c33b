// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Compares what the server says with what Debian's own programs say.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../options.hpp"

namespace package_server {

struct verification {
    std::size_t packages = 0, digests = 0, missing = 0;
    std::string fault;  ///< the first difference; empty when there is none
};

/// Each package's version against dpkg-query, the digest of each of its files against sha256sum.
verification verify_packages(options const& o, std::uint16_t port,
                             std::vector<package> const& chosen);

/// Bad requests get the right status and a message. Empty when all is well.
std::string verify_errors(std::uint16_t port);

/// Clients that hang up: calls of theirs are withdrawn from the pool. Empty when all is well.
std::string verify_hang_up(std::uint16_t port);

}  // namespace package_server
