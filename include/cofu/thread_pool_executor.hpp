// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A pool of threads that runs calls and is an execution context of Asio.

#include <cofu/completion_signature.hpp>
#include <cofu/detail/bound_call.hpp>
#include <cofu/detail/pool_access.hpp>
#include <cofu/detail/pool_call.hpp>
#include <cofu/detail/pool_executor.hpp>
#include <cofu/detail/room_wait.hpp>
#include <cofu/detail/task_timer.hpp>
#include <cofu/fwd.hpp>
#include <cofu/future.hpp>
#include <cofu/map_options.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/thread_pool_options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <concepts>
#include <optional>
#include <ranges>
#include <type_traits>

namespace cofu {

/// A pool of threads. Calls submitted to it give futures; its executor runs timers, sockets,
/// strands and coroutines as any of Asio's.
///
/// No thread exists before the first call; then one is started for a call while none is idle, up to
/// `max_workers`. Calls from outside leave the queue in order of submission, those submitted by a
/// call of this pool newest first; neither kind keeps the other waiting for ever.
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
class COFU_DECL thread_pool_executor : public boost::asio::execution_context {
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

    /// Queues `f(args...)` and gives its future.
    ///
    /// Exceptions, each before anything was moved from: shut_down_error, queue_full_error,
    /// broken_thread_pool (nested with the initializer's exception), boost::thread_resource_error
    /// if not even one thread can be made. Only a shutdown that closes the pool at the same time
    /// throws shut_down_error later.
    template <class F, class... A>
    auto submit(F&& f, A&&... args)
    {
        return submit_with<detail::no_task_timer>(no_options, std::forward<F>(f),
                                                  std::forward<A>(args)...);
    }
    template <class F, class... A>
    auto submit(task_options options, F&& f, A&&... args)
    {
        return submit_with<detail::task_timer>(options, std::forward<F>(f),
                                               std::forward<A>(args)...);
    }

    /// The same, but gives nullopt where the queue is full; nothing was moved from then.
    template <class F, class... A>
    auto try_submit(F&& f, A&&... args)
    {
        return try_submit_with<detail::no_task_timer>(no_options, std::forward<F>(f),
                                                      std::forward<A>(args)...);
    }
    template <class F, class... A>
    auto try_submit(task_options options, F&& f, A&&... args)
    {
        return try_submit_with<detail::task_timer>(options, std::forward<F>(f),
                                                   std::forward<A>(args)...);
    }

    /// Waits for room in the queue, queues `call()` and gives its future.
    ///
    /// Completion: `void(error_code, future<R>)` once it is queued, on the handler's associated
    /// executor, else on the pool's. Errors: errc::shut_down, errc::broken_thread_pool.
    /// Cancellation: every type gives up the place in line, with `operation_aborted`.
    template <class Call, class Token = boost::asio::deferred_t>
        requires(!std::same_as<std::decay_t<Call>, task_options>)
    auto async_submit(Call&& call, Token&& token = {})
    {
        return initiate_submit(no_options, std::forward<Call>(call), token);
    }
    template <class Call, class Token = boost::asio::deferred_t>
    auto async_submit(task_options options, Call&& call, Token&& token = {})
    {
        return initiate_submit(options, std::forward<Call>(call), token);
    }

    /// Waits for room, runs `call()` and gives its outcome; no future is made.
    ///
    /// Completion: `completion_signature_t<R>`, on the handler's associated executor, else on the
    /// pool's.
    /// Cancellation: every type withdraws the call if it has not begun, else asks it to stop; it
    /// completes with `operation_aborted` when the call is withdrawn or has ended by that, and with
    /// the call's own outcome if it had one in spite of it.
    template <class Call, class Token = boost::asio::deferred_t>
        requires(!std::same_as<std::decay_t<Call>, task_options>)
    auto async_invoke(Call&& call, Token&& token = {})
    {
        return initiate_invoke(no_options, std::forward<Call>(call), token);
    }
    template <class Call, class Token = boost::asio::deferred_t>
    auto async_invoke(task_options options, Call&& call, Token&& token = {})
    {
        return initiate_invoke(options, std::forward<Call>(call), token);
    }

    /// Submits `f` for each element of the ranges, taken together; needs `<cofu/map.hpp>`, where
    /// `map_results` is described. Exceptions: as `submit`, and what reading an input throws.
    template <class F, class... Ranges>
        requires(sizeof...(Ranges) > 0 && (std::ranges::input_range<Ranges> && ...))
    auto map(F f, Ranges&&... ranges)
    {
        return map(map_options(), std::move(f), std::forward<Ranges>(ranges)...);
    }
    template <class F, class... Ranges>
        requires(sizeof...(Ranges) > 0 && (std::ranges::input_range<Ranges> && ...))
    auto map(map_options options, F f, Ranges&&... ranges)
    {
        return map_over(*this, options, std::move(f), std::forward<Ranges>(ranges)...);
    }

    /// Ends the pool: no new calls from outside; calls on its workers may still submit until the
    /// pool has drained, unless `cancel_futures`. May be called again, also by several threads; a
    /// later call can only strengthen an earlier one.
    ///
    /// With `wait`, returns when all calls ran and the workers ended. Called by a call of this pool
    /// it waits for the others and runs what is queued meanwhile.
    shutdown_report shutdown(shutdown_options options = {});

    /// The same without blocking.
    ///
    /// Completion: `void(error_code, shutdown_report)`, on the handler's associated executor, else
    /// on the system executor; this pool's is closed by then, and a handler bound to it never runs.
    /// Cancellation: every type abandons the waiting; the shutdown goes on.
    template <boost::asio::completion_token_for<void(boost::system::error_code, shutdown_report)>
                  Token = boost::asio::deferred_t>
    auto async_shutdown(Token&& token = {})
    {
        return async_shutdown(shutdown_options(), std::forward<Token>(token));
    }
    template <boost::asio::completion_token_for<void(boost::system::error_code, shutdown_report)>
                  Token = boost::asio::deferred_t>
    auto async_shutdown(shutdown_options options, Token&& token = {})
    {
        return boost::asio::async_initiate<Token,
                                           void(boost::system::error_code, shutdown_report)>(
            shutdown_initiator{this}, token, options);
    }

    /// What the pool has counted so far.
    pool_stats stats() const;

private:
    static constexpr detail::no_task_timer const* no_options = nullptr;

    template <class F, class... A>
    using bound = detail::bound_call_t<F, A...>;

    template <class Timer, class Options, class F, class... A>
    auto submit_with(Options options, F&& f, A&&... args)
    {
        if (detail::admit(*core_) != detail::admission::admitted)
            detail::throw_queue_full();
        return enqueue<Timer>(options, std::forward<F>(f), std::forward<A>(args)...);
    }

    template <class Timer, class Options, class F, class... A>
    auto try_submit_with(Options options, F&& f, A&&... args)
    {
        using result = std::optional<future<typename bound<F, A...>::result>>;
        if (detail::admit(*core_) != detail::admission::admitted)
            return result();
        return result(enqueue<Timer>(options, std::forward<F>(f), std::forward<A>(args)...));
    }

    template <class Timer, class Options, class F, class... A>
    auto enqueue(Options options, F&& f, A&&... args)
    {
        using call_type = detail::pool_call<bound<F, A...>, Timer, std::allocator<void>>;
        detail::reserved_place place(*core_);
        auto* const call = call_type::make({}, detail::ticket_of(*core_), options,
                                           std::forward<F>(f), std::forward<A>(args)...);
        auto result = detail::future_access::make<future<typename call_type::value_type>>(
            detail::state_ptr(call, false));
        place.push(*call);
        return result;
    }

    // The initiation of the operations that need no future: it has the pool's executor.
    struct initiator {
        using executor_type = thread_pool_executor::executor_type;

        thread_pool_executor* pool;

        executor_type get_executor() const noexcept { return pool->get_executor(); }

        template <template <class> class Wait, class Timer, class Handler, class Options, class Call>
        void start(Handler&& handler, Options options, Call&& call) const
        {
            using allocator = boost::asio::associated_allocator_t<std::decay_t<Handler>>;
            using call_type = detail::pool_call<bound<Call>, Timer, allocator>;
            auto& core = *pool->core_;
            detail::unqueued_call<call_type> made(
                call_type::make(boost::asio::get_associated_allocator(handler),
                                detail::ticket_of(core), options, std::forward<Call>(call)));
            detail::initiate_op<Wait<call_type>>(std::forward<Handler>(handler), get_executor(),
                                                 core, std::move(made));
        }

        template <class Handler, class Options, class Call>
        void operator()(Handler&& handler, detail::submit_tag, Options options, Call&& call) const
        {
            start<detail::room_wait, detail::timer_for<Options>>(
                std::forward<Handler>(handler), options, std::forward<Call>(call));
        }
        template <class Handler, class Options, class Call>
        void operator()(Handler&& handler, detail::invoke_tag, Options options, Call&& call) const
        {
            start<detail::invoke_wait, detail::timer_for<Options>>(
                std::forward<Handler>(handler), options, std::forward<Call>(call));
        }
    };

    // The pool's own executor is closed when a shutdown is over.
    struct shutdown_initiator {
        using executor_type = boost::asio::system_executor;

        thread_pool_executor* pool;

        executor_type get_executor() const noexcept { return {}; }

        template <class Handler>
        void operator()(Handler&& handler, shutdown_options options) const
        {
            detail::initiate_op<detail::shutdown_wait>(std::forward<Handler>(handler),
                                                       boost::asio::system_executor(),
                                                       *pool->core_, options);
        }
    };

    template <class Options, class Call, class Token>
    auto initiate_submit(Options options, Call&& call, Token& token)
    {
        using result = typename bound<Call>::result;
        detail::check_stackful<Token>();
        return boost::asio::async_initiate<Token, void(boost::system::error_code, future<result>)>(
            initiator{this}, token, detail::submit_tag(), options, std::forward<Call>(call));
    }

    template <class Options, class Call, class Token>
    auto initiate_invoke(Options options, Call&& call, Token& token)
    {
        using result = typename bound<Call>::result;
        detail::check_stackful<Token>();
        return boost::asio::async_initiate<Token, completion_signature_t<result>>(
            initiator{this}, token, detail::invoke_tag(), options, std::forward<Call>(call));
    }

    boost::intrusive_ptr<detail::thread_pool_core> core_;
    unwind_policy const on_unwind_;
    int const unwinding_;  // exceptions in flight when it was made
};

}  // namespace cofu
