// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The demo's table.

#pragma once

#include <iosfwd>

#include "load.hpp"

namespace package_server {

/// The latency that the given share of requests did not exceed, in milliseconds; 0 for none.
double percentile(load_result const& result, endpoint about, double share);

void print_table(std::ostream& out, load_result const& with, load_result const& without);

}  // namespace package_server
