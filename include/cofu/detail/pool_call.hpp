// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A submitted call: queue entry, function, shared state and result in one block.

#include <cofu/detail/block_memory.hpp>
#include <cofu/detail/bound_call.hpp>
#include <cofu/detail/pool_ticket.hpp>
#include <cofu/detail/result_state.hpp>
#include <cofu/detail/task_timer.hpp>
#include <cofu/detail/worker_stay.hpp>

#include <boost/asio/system_executor.hpp>

#include <memory>
#include <stop_token>

namespace cofu::detail {

// What a call without a stop token, or without options, has instead.
struct no_stop {
    void request_stop() noexcept {}
};

// Call: a bound_call. Timer: no_task_timer, or task_timer for calls with options.
template <class Call, class Timer, class Allocator>
class pool_call final : public result_state<typename Call::result> {
    using base = result_state<typename Call::result>;
    using allocator = block_source_t<Allocator, pool_call>;
    using traits = std::allocator_traits<allocator>;

public:
    // One handle and the queue's reference. Strong guarantee: memory first, then the arguments.
    template <class TimerArg, class... B>
    static pool_call* make(Allocator const& a, pool_ticket ticket, TimerArg const& options, B&&... b)
    {
        allocator rebound(a);
        auto* const place = traits::allocate(rebound, 1);
        try {
            return ::new (static_cast<void*>(place))
                pool_call(rebound, ticket, options, std::forward<B>(b)...);
        } catch (...) {
            traits::deallocate(rebound, place, 1);
            throw;
        }
    }

    void run(worker_seat& seat) noexcept override
    {
        worker_stay stay(seat, *this);
        if (!this->start()) {
            stay.missed();
            this->drop(call_word::queued);
            return;
        }
        stay.begun();
        timer_.start(*this);
        auto phase = this->store([this]() -> decltype(auto) { return invoke(); });
        if constexpr (std::is_trivially_destructible_v<Call>)
            destroy_function();
        else
            worker_stay::run_uninterrupted(
                [](void* call) noexcept { static_cast<pool_call*>(call)->destroy_function(); }, this);
        if (timer_.stop() && phase == call_word::error)
            timer_.replace_interruption(this->error_);
        stay.left(phase == call_word::error);
        if (this->finish_unseen(phase))
            destroy();
        else
            this->finish(phase, call_word::runner);
    }

    void withdraw() noexcept override
    {
        this->cancel();
        this->drop(call_word::queued);
    }

    bool fail(std::exception_ptr (*make_error)(void*) noexcept, void* context) noexcept override
    {
        if (!this->start()) {
            this->drop(call_word::queued);
            return false;
        }
        destroy_function();
        timer_.stop();
        this->keep_error(make_error(context));
        this->finish(call_word::error, call_word::runner);
        return true;
    }

    // It never reached the queue, and nobody else has seen it.
    void discard() noexcept
    {
        destroy_function();
        destroy();
    }

    boost::asio::any_io_executor executor() const override { return executor_of(this->ticket()); }
    pool_observer* observer() const noexcept override { return observer_of(this->ticket()); }

private:
    using stop_part = std::conditional_t<Call::wants_stop_token, std::stop_source, no_stop>;

    template <class TimerArg, class... B>
    pool_call(allocator const& a, pool_ticket ticket, TimerArg const& options, B&&... b)
        : base(call_word::queued | call_word::handle, ticket),
          allocator_(a),
          timer_(options),
          function_(std::in_place, std::forward<B>(b)...)
    {
    }
    ~pool_call() {}

    decltype(auto) invoke()
    {
        if constexpr (Call::wants_stop_token)
            return function_(stop_.get_token());
        else
            return function_();
    }

    void destroy_function() noexcept override { std::destroy_at(std::addressof(function_)); }
    void cancelled() noexcept override
    {
        timer_.stop();
        tell_cancelled(this->ticket());
    }
    void interrupt_runner() noexcept override { interrupt(this->ticket(), *this); }
    void signal_stop() noexcept override { stop_.request_stop(); }
    void swallow_interruption() noexcept override { worker_stay::swallow_interruption(); }
    void before_actions() noexcept override { worker_stay::before_actions(); }

    void destroy() noexcept override
    {
        // A value that nobody wants is destroyed by its worker, which does not look for work then.
        if constexpr (!std::is_trivially_destructible_v<typename base::stored>)
            worker_stay::before_actions();
        allocator a(allocator_);
        this->~pool_call();
        traits::deallocate(a, this, 1);
    }

    [[no_unique_address]] allocator allocator_;
    [[no_unique_address]] stop_part stop_;
    [[no_unique_address]] Timer timer_;
    union {
        Call function_;  // alive until the call is over, cancelled or failed
    };
};

}  // namespace cofu::detail
