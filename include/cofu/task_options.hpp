// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a single call may be given besides its function and arguments.

#include <chrono>
#include <string_view>
#include <type_traits>

namespace cofu {

/// No limit: the default of every timeout.
inline constexpr std::chrono::steady_clock::duration forever =
    std::chrono::steady_clock::duration::max();

/// No limit of a queue.
inline constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

/// Options of one call. `pool.submit(cofu::task_options{.timeout = 2s}, f, args...)`.
struct task_options {
    /// Names the call in error texts; copied.
    std::string_view name = {};
    /// From the start of the call: at expiry it is asked to stop, as by `future::request_stop`. It
    /// ends as `task_timed_out` if it left by `boost::thread_interrupted`, else with its own
    /// result.
    std::chrono::steady_clock::duration timeout = forever;
};
// g++ 12 destroys any other aggregate temporary inside a co_await expression twice.
static_assert(std::is_trivially_destructible_v<task_options>);

namespace detail {

// A call submitted without any.
struct no_task_options {};

}  // namespace detail

}  // namespace cofu
