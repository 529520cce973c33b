// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a thread pool is set up.

#include <cofu/fwd.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/task_options.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace cofu {

/// Options of a thread pool. Every member has a default.
struct thread_pool_options {
    /// 0: the smaller of 32 and the processors available to this process + 4. At most 65,536.
    std::size_t max_workers = 0;
    /// Workers are named prefix_0, prefix_1 and so on; the default prefix is ThreadPoolExecutor-N.
    /// The system sees 15 bytes: the prefix is cut so that the number stays.
    std::string thread_name_prefix = {};
    /// Runs once in each worker before its first call. If it throws, the pool is broken.
    std::function<void()> initializer = {};
    /// How many calls may wait for a worker. Functions given to the executor are not counted.
    std::size_t max_queue = unlimited;
    /// A worker idle for longer ends; one is started again on demand.
    std::chrono::steady_clock::duration idle_timeout = forever;
    /// Bytes; 0: the system's default.
    std::size_t stack_size = 0;
    /// Told of errors without a caller; null: the standard error stream. Outlives the pool.
    pool_observer* observer = nullptr;
    /// What becomes of calls that have not begun when an exception leaves the pool's scope.
    unwind_policy on_unwind = unwind_policy::cancel;
};

}  // namespace cofu
