// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A pool of worker processes that runs calls and is an execution context of Asio.

#include <cofu/config.hpp>

#if !COFU_HAS_PROCESS_POOL
#error "cofu::process_pool_executor needs Linux 5.4 or later (pidfds); see COFU_HAS_PROCESS_POOL"
#endif

#include <cofu/detail/map_crossing.hpp>
#include <cofu/detail/pool_members.hpp>
#include <cofu/detail/process_access.hpp>
#include <cofu/detail/process_call.hpp>
#include <cofu/fwd.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/process_pool_options.hpp>
#include <cofu/remote_executor.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/worker_main.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <type_traits>

namespace cofu {

namespace detail {

struct process_calls {
    using core = process_pool_core;

    template <class Options, class Allocator, class F, class... A>
    using call = process_call<remote_result_t<std::decay_t<F>, std::decay_t<A>...>, Allocator>;
};

}  // namespace detail

/// A pool of processes. Calls submitted to it give futures, as those of a `thread_pool_executor`;
/// a call that crashes, hangs or leaks costs itself alone.
///
/// No process exists before the first call; then one is started for a call while none is idle, up
/// to `max_workers`. Calls start in order of submission; while every worker is busy the next calls
/// are sent to the workers ahead, and can still be cancelled there.
///
/// Function, arguments and result cross to another process: function pointers, captureless lambdas,
/// function objects and values that can be written as bytes (`<cofu/serialization.hpp>`). What
/// can't does not compile. Where that fails at run time only the call's own future fails, with
/// `transport_error`. A function that can be called with a `std::stop_token` first is.
///
/// An exception of the function arrives as what it is where its type is registered, else as
/// `remote_error`. When its worker dies a call ends as `worker_crashed`; others never notice.
///
/// Workers run this program's executable anew, up to its `main` and no further: either link the
/// executable to the CMake target `cofu::cofu`, or call `worker_main` first in `main`.
///
/// Thread safety: distinct objects are safe. Shared objects: every member is, also from a callback.
/// A pool may be destroyed in a callback of its own.
/// Lifetime: futures may outlive the pool, executors not.
///
/// Source: Python's `concurrent.futures.ProcessPoolExecutor`.
class COFU_DECL process_pool_executor
    : public detail::pool_members<process_pool_executor, detail::process_calls> {
public:
    /// That of the pool's I/O in this process.
    using executor_type = boost::asio::any_io_executor;

    /// 0: the processors available to this process.
    /// Exceptions: std::invalid_argument for more than 65,536; invalid_state_error where no worker
    /// can be started, with what to do about it; std::system_error.
    explicit process_pool_executor(std::size_t max_workers = 0);
    explicit process_pool_executor(process_pool_options options);

    /// Waits for every call, as `shutdown()`; when an exception leaves the scope, it cancels what
    /// has not begun (`process_pool_options::on_unwind`). Handlers of the context's timers and
    /// sockets are destroyed unrun.
    ~process_pool_executor();

    process_pool_executor(process_pool_executor const&) = delete;
    process_pool_executor& operator=(process_pool_executor const&) = delete;

    /// The executor of the pool's I/O, which runs handlers in this process: for timers, sockets,
    /// strands, `post` and `co_spawn`. Lifetime: the pool outlives it.
    executor_type get_executor() noexcept;

    /// Runs functions without captures in the workers.
    remote_executor get_remote_executor() noexcept { return remote_executor(*this); }

    /// Ends the pool: no new calls. May be called again, also by several threads; a later call can
    /// only strengthen an earlier one. With `wait`, returns when all calls ran and the workers
    /// ended.
    shutdown_report shutdown(shutdown_options options = {});

    /// Asks every worker to end, and kills after `kill_grace` those that have not. Their calls fail
    /// as `worker_crashed`, others as `broken_process_pool`; the pool takes no more. Does not block;
    /// does nothing when nothing runs.
    void terminate_workers();
    /// The same, but kills at once.
    void kill_workers();

    /// What the pool has counted so far.
    pool_stats stats() const;

private:
    unwind_policy const on_unwind_;
    int const unwinding_;  // exceptions in flight when it was made
};

// Nobody waits for it, so an exception is a callback's: it goes to the observer.
template <class F>
void remote_executor::submit(detail::captureless<F> f) const
{
    pool_->submit(f).add_done_callback([](future<void> const& call) { call.result(); });
}

}  // namespace cofu
