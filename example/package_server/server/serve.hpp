// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// --serve: the server as a process.

#pragma once

#include "../options.hpp"

namespace package_server {

/// Serves until SIGINT or SIGTERM and returns the exit status.
int serve(options const& o);

}  // namespace package_server
