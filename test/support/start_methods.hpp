// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The start methods that a test goes through.
#pragma once

#include <cofu/process_pool_options.hpp>

#include <boost/test/data/test_case.hpp>

#include <ostream>

namespace cofu {

inline std::ostream& operator<<(std::ostream& out, start_method method)
{
    char const* const names[] = {"automatic", "fork", "forkserver", "spawn"};
    return out << names[static_cast<int>(method)];
}

namespace test {

/// Those whose workers come from the fork server.
inline auto const server_methods =
    boost::unit_test::data::make({start_method::forkserver, start_method::spawn});

} // namespace test
} // namespace cofu
