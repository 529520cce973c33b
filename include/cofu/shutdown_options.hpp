// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a pool is shut down, and what became of its calls.

#include <cstdint>
#include <type_traits>

namespace cofu {

/// What the destructor of a pool does with calls that have not begun when it runs because an
/// exception leaves the scope.
enum class unwind_policy {
    cancel,  ///< they are cancelled
    drain    ///< they run, as in Python
};

/// Options of `shutdown` and `async_shutdown`.
struct shutdown_options {
    /// Return only when all accepted calls ran and the workers ended.
    bool wait = true;
    /// Cancel the calls that have not begun; functions given to the executor still run.
    bool cancel_futures = false;
    /// Wait for outstanding work of the executor too: suspended coroutines, work guards.
    bool wait_for_work = false;
};
static_assert(std::is_trivially_destructible_v<shutdown_options>);

/// What became of the pool's calls from the beginning of the shutdown until its return.
struct shutdown_report {
    std::uint64_t finished = 0;   ///< ended by themselves: returned or threw
    std::uint64_t cancelled = 0;  ///< will never run
};

}  // namespace cofu
