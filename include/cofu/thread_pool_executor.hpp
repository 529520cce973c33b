// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A pool of threads that runs calls and is an execution context of Asio.

#include <cofu/detail/pool_access.hpp>
#include <cofu/detail/pool_call.hpp>
#include <cofu/detail/pool_executor.hpp>
#include <cofu/detail/pool_members.hpp>
#include <cofu/detail/task_timer.hpp>
#include <cofu/fwd.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/thread_pool_options.hpp>

#include <memory>

namespace cofu {

namespace detail {

struct thread_calls {
    using core = thread_pool_core;

    template <class Options, class Allocator, class F, class... A>
    using call = pool_call<bound_call_t<F, A...>, timer_for<Options>, Allocator>;
};

}  // namespace detail

/// A pool of threads. Calls submitted to it give futures; its executor runs timers, sockets,
/// strands and coroutines as any of Asio's.
///
/// No thread exists before the first call; then one is started for a call while none is idle, up to
/// `max_workers`. Calls from outside leave the queue in order of submission, and one may be
/// overtaken by at most 8 later ones for each worker; those submitted by a call of this pool start
/// newest first. Neither kind keeps the other waiting for ever.
///
/// As with `std::jthread`, a function that can be called with a `std::stop_token` first is.
/// Function and arguments are decayed and moved; `std::ref` opts out.
///
/// Preconditions: a call does not block on a call that waits in the queue of the same pool. When
/// all workers do, nobody is left to run it; coroutines on the pool may await it.
///
/// Thread safety: distinct objects are safe. Shared objects: every member is, also from a call and
/// from a callback. A pool may be destroyed by its own call.
/// Lifetime: futures may outlive the pool, executors not.
///
/// Source: Python's `concurrent.futures.ThreadPoolExecutor`.
class COFU_DECL thread_pool_executor
    : public detail::pool_members<thread_pool_executor, detail::thread_calls> {
public:
    /// Has every standard property of an executor of Asio.
    using executor_type = detail::basic_pool_executor<std::allocator<void>, 0>;

    /// 0 chooses a number of workers, see `thread_pool_options::max_workers`.
    /// Exceptions: std::invalid_argument for more than 65,536.
    explicit thread_pool_executor(std::size_t max_workers = 0);
    explicit thread_pool_executor(thread_pool_options options);

    /// Waits for every call, as `shutdown()`; when an exception leaves the scope, it cancels what
    /// has not begun (`thread_pool_options::on_unwind`). Handlers of the context's timers and
    /// sockets are destroyed unrun.
    ~thread_pool_executor();

    thread_pool_executor(thread_pool_executor const&) = delete;
    thread_pool_executor& operator=(thread_pool_executor const&) = delete;

    /// The handle that functions of Asio take: for timers, sockets, strands, `post` and `co_spawn`.
    /// Lifetime: the pool outlives it.
    executor_type get_executor() noexcept { return executor_type(*core_); }

    /// Ends the pool: no new calls from outside; calls on its workers may still submit until the
    /// pool has drained, unless `cancel_futures`. May be called again, also by several threads; a
    /// later call can only strengthen an earlier one.
    ///
    /// With `wait`, returns when all calls ran and the workers ended. Called by a call of this pool
    /// it waits for the others and runs what is queued meanwhile.
    shutdown_report shutdown(shutdown_options options = {});

    /// What the pool has counted so far.
    pool_stats stats() const;

private:
    unwind_policy const on_unwind_;
    int const unwinding_;  // exceptions in flight when it was made
};

}  // namespace cofu
