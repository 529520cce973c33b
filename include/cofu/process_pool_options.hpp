// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a process pool is set up.

#include <cofu/remote_call.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/start_method.hpp>
#include <cofu/task_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace cofu {

class pool_observer;

/// What the death of a worker means for the pool.
enum class crash_policy {
    isolate,    ///< only the call that it ran fails; another worker takes its place
    break_pool  ///< every pending call fails and the pool is broken, as in Python
};

/// More than `count` workers that died before they were ready, within `within` and with no call
/// finished between, break the pool.
struct restart_limit {
    std::size_t count = 3;
    std::chrono::steady_clock::duration within = std::chrono::seconds(5);
};

/// Options of a process pool. Every member has a default.
struct process_pool_options {
    /// 0: the processors available to this process. At most 65,536.
    std::size_t max_workers = 0;
    /// How workers come to be.
    start_method start = start_method::automatic;
    /// Runs once in each worker before its first call. If it throws, or crashes more often than
    /// `restarts` allows, the pool is broken: `broken_process_pool`, with that exception or
    /// `worker_crashed` nested inside.
    remote_call initializer = {};
    /// A worker ends after so many calls and another takes its place; 0: no limit.
    std::size_t max_tasks_per_child = 0;
    /// What the death of a worker means for the pool.
    crash_policy on_crash = crash_policy::isolate;
    /// A call whose worker crashed is sent again this often.
    std::size_t retries = 0;
    /// When to give up starting workers.
    restart_limit restarts = {};
    /// The limit of each call; see `task_options::timeout`.
    std::chrono::steady_clock::duration task_timeout = forever;
    /// Between asking a worker to end and killing it.
    std::chrono::steady_clock::duration kill_grace = std::chrono::seconds(5);
    /// How many calls may wait for a worker.
    std::size_t max_queue = unlimited;
    /// Bytes of one encoded call or result.
    std::size_t max_message = std::size_t(1) << 30;
    /// Where the workers' standard error stream goes.
    worker_stderr stderr_to = worker_stderr::inherit;
    /// Where the pool's own I/O runs, and handlers without an executor; empty: on a thread of its
    /// own. Then the pool starts no thread, and has an operation outstanding there only while a call
    /// is in flight. Who blocks in a wait for its futures, or in `shutdown`, runs the I/O meanwhile,
    /// where nobody else does.
    ///
    /// Callbacks of its futures are posted there too, so one that blocks holds up that executor's
    /// thread and no wait. A blocking shutdown and the destructor run those that are left, as does
    /// the end of the context. The context should outlive the pool: if it does not, the workers are
    /// killed and the pool is broken.
    boost::asio::any_io_executor io = {};
    /// The path of another executable for the workers to run; empty: the program's own. It calls
    /// `worker_main` first in its main (or links the hook) and has the same release of this library.
    /// It has no function of the program itself: calls work whose function and whose `submit` are
    /// code of a shared library; that is loaded in the workers by its path if it is not there. Others
    /// fail as `transport_error`.
    std::string worker_program = {};
    /// Told of errors without a caller; null: the standard error stream. Outlives the pool.
    pool_observer* observer = nullptr;
    /// What becomes of calls that have not begun when an exception leaves the pool's scope.
    unwind_policy on_unwind = unwind_policy::cancel;
};

}  // namespace cofu
