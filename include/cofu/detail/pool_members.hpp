// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The members that all pools have, so that going from one kind to another changes a type name.

#include <cofu/completion_signature.hpp>
#include <cofu/detail/bound_call.hpp>
#include <cofu/detail/room_wait.hpp>
#include <cofu/detail/stackful_check.hpp>
#include <cofu/future.hpp>
#include <cofu/map_options.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/task_options.hpp>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace cofu::detail {

// Pool has get_executor(). Kind names its core, and the call that it makes of a function:
//   core: admit, give_back_place, push_call, ticket_of, shut_down_async are found for it
//   call<Options, Allocator, F, A...>: make(allocator, ticket, options, f, args...), see pool_call
template <class Pool, class Kind>
class pool_members : public boost::asio::execution_context {
public:
    /// Queues `f(args...)` and gives its future.
    ///
    /// Exceptions, each before anything was moved from: shut_down_error, queue_full_error,
    /// broken_executor (nested with its cause), and what starting the first worker throws. Only a
    /// shutdown that closes the pool at the same time throws shut_down_error later.
    template <class F, class... A>
    auto submit(F&& f, A&&... args)
    {
        return submit_with(no_task_options(), std::forward<F>(f), std::forward<A>(args)...);
    }
    template <class F, class... A>
    auto submit(task_options options, F&& f, A&&... args)
    {
        return submit_with(options, std::forward<F>(f), std::forward<A>(args)...);
    }

    /// The same, but gives nullopt where the queue is full; nothing was moved from then.
    template <class F, class... A>
    auto try_submit(F&& f, A&&... args)
    {
        return try_submit_with(no_task_options(), std::forward<F>(f), std::forward<A>(args)...);
    }
    template <class F, class... A>
    auto try_submit(task_options options, F&& f, A&&... args)
    {
        return try_submit_with(options, std::forward<F>(f), std::forward<A>(args)...);
    }

    /// Waits for room in the queue, queues `call()` and gives its future.
    ///
    /// Completion: `void(error_code, future<R>)` once it is queued, on the handler's associated
    /// executor, else on the pool's. Errors: errc::shut_down, and that of a broken pool.
    /// Cancellation: every type gives up the place in line, with `operation_aborted`.
    template <class Call, class Token = boost::asio::deferred_t>
        requires(!std::same_as<std::decay_t<Call>, task_options>)
    auto async_submit(Call&& call, Token&& token = {})
    {
        return initiate_submit(no_task_options(), std::forward<Call>(call), token);
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
        return initiate_invoke(no_task_options(), std::forward<Call>(call), token);
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
        return map_over(self(), options, std::move(f), std::forward<Ranges>(ranges)...);
    }

    /// `shutdown` without blocking.
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
            shutdown_initiator{core_.get()}, token, options);
    }

protected:
    using core_type = typename Kind::core;

    pool_members() = default;
    ~pool_members() = default;

    void set_core(core_type* core)
    {
        core_.reset(core);
        ticket_ = ticket_of(*core);
    }

    boost::intrusive_ptr<core_type> core_;

private:
    template <class F, class... A>
    using bound = bound_call_t<F, A...>;

    Pool& self() noexcept { return static_cast<Pool&>(*this); }

    template <class Options, class F, class... A>
    auto submit_with(Options options, F&& f, A&&... args)
    {
        if (admit(*core_) != admission::admitted)
            throw_queue_full();
        return enqueue(options, std::forward<F>(f), std::forward<A>(args)...);
    }

    template <class Options, class F, class... A>
    auto try_submit_with(Options options, F&& f, A&&... args)
    {
        using result = std::optional<future<typename bound<F, A...>::result>>;
        if (admit(*core_) != admission::admitted)
            return result();
        return result(enqueue(options, std::forward<F>(f), std::forward<A>(args)...));
    }

    template <class Options, class F, class... A>
    auto enqueue(Options options, F&& f, A&&... args)
    {
        using call_type = typename Kind::template call<Options, std::allocator<void>, F, A...>;
        reserved_place place(*core_);
        auto* const call = call_type::make({}, ticket_, options, std::forward<F>(f),
                                           std::forward<A>(args)...);
        auto result = future_access::make<future<typename call_type::value_type>>(
            state_ptr(call, false));
        place.push(*call);
        return result;
    }

    // The initiation of the operations that need no future: it has the pool's executor.
    struct initiator {
        using executor_type = typename Pool::executor_type;

        Pool* pool;

        executor_type get_executor() const noexcept { return pool->get_executor(); }

        template <template <class, class> class Wait, class Handler, class Options, class Call>
        void start(Handler&& handler, Options options, Call&& call) const
        {
            using allocator = boost::asio::associated_allocator_t<std::decay_t<Handler>>;
            using call_type = typename Kind::template call<Options, allocator, Call>;
            core_type& core = *pool->core_;
            unqueued_call<call_type> made(
                call_type::make(boost::asio::get_associated_allocator(handler), ticket_of(core),
                                options, std::forward<Call>(call)));
            initiate_op<Wait<core_type, call_type>>(
                std::forward<Handler>(handler),
                io_executor_for<Handler>([&] { return get_executor(); }), core, std::move(made));
        }

        template <class Handler, class Options, class Call>
        void operator()(Handler&& handler, submit_tag, Options options, Call&& call) const
        {
            start<room_wait>(std::forward<Handler>(handler), options, std::forward<Call>(call));
        }
        template <class Handler, class Options, class Call>
        void operator()(Handler&& handler, invoke_tag, Options options, Call&& call) const
        {
            start<invoke_wait>(std::forward<Handler>(handler), options, std::forward<Call>(call));
        }
    };

    // The pool's own executor is closed when a shutdown is over.
    struct shutdown_initiator {
        using executor_type = boost::asio::system_executor;

        core_type* core;

        executor_type get_executor() const noexcept { return {}; }

        template <class Handler>
        void operator()(Handler&& handler, shutdown_options options) const
        {
            initiate_op<shutdown_wait<core_type>>(std::forward<Handler>(handler), get_executor(),
                                                  *core, options);
        }
    };

    template <class Options, class Call, class Token>
    auto initiate_submit(Options options, Call&& call, Token& token)
    {
        using result = typename bound<Call>::result;
        check_stackful<Token>();
        return boost::asio::async_initiate<Token, void(boost::system::error_code, future<result>)>(
            initiator{&self()}, token, submit_tag(), options, std::forward<Call>(call));
    }

    template <class Options, class Call, class Token>
    auto initiate_invoke(Options options, Call&& call, Token& token)
    {
        using result = typename bound<Call>::result;
        check_stackful<Token>();
        return boost::asio::async_initiate<Token, completion_signature_t<result>>(
            initiator{&self()}, token, invoke_tag(), options, std::forward<Call>(call));
    }

    pool_ticket ticket_;
};

}  // namespace cofu::detail
