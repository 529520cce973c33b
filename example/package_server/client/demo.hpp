// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// --demo and --check: the server measured and verified from outside.

#pragma once

#include "../options.hpp"

namespace package_server {

/// Measures with and without cofu, prints a table, verifies answers. 0 when all is as it should be.
int demo(options const& o);

/// Short: a small load on both kinds of server and a few packages verified; judges no timing.
int check(options const& o);

}  // namespace package_server
