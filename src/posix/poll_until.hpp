// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// poll(2) with a point in time.

#include <chrono>
#include <optional>
#include <span>

#include <poll.h>

namespace cofu::detail {

// Blocks until one of them is ready, the time is over (none: for ever), or a signal came: then
// nothing is ready.
void poll_until(std::span<pollfd> watched,
                std::optional<std::chrono::steady_clock::time_point> limit) noexcept;

}  // namespace cofu::detail
