// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What /proc knows of this process.

#include <string>
#include <vector>

#include <sys/types.h>

namespace cofu::detail {

// Its direct children; none where /proc is not to be read.
std::vector<pid_t> children_of_this_process();

// The names of its threads but the caller, "a, b, c"; empty if there are none. Not counted: what a
// sanitizer runs for itself.
std::string other_threads_of_this_process();

}  // namespace cofu::detail
