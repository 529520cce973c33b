// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a process does that this library started: it is a fork server or a worker.

#include <posix/image_marker.hpp>

namespace cofu::detail {

// Takes its first message and obeys; the process ends in it. A marker that is not to be believed:
// a sentence on the standard error stream, and exit status 2.
[[noreturn]] void run_started_image(image_marker const& marker, int argc, char** argv);

}  // namespace cofu::detail
