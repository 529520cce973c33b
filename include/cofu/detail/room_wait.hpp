// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What async_submit, async_invoke and async_shutdown of a pool wait for.

#include <cofu/detail/future_wait.hpp>
#include <cofu/detail/pool_ticket.hpp>
#include <cofu/detail/pool_waiters.hpp>
#include <cofu/detail/result_state.hpp>
#include <cofu/error.hpp>
#include <cofu/future.hpp>

#include <atomic>
#include <utility>

namespace cofu::detail {

struct submit_tag {};
struct invoke_tag {};

// A call that is not queued yet.
template <class Call>
class unqueued_call {
public:
    explicit unqueued_call(Call* call) noexcept : call_(call) {}
    unqueued_call(unqueued_call&& other) noexcept : call_(std::exchange(other.call_, nullptr)) {}
    unqueued_call& operator=(unqueued_call&&) = delete;
    ~unqueued_call()
    {
        if (call_)
            call_->discard();
    }

    Call* release() noexcept { return std::exchange(call_, nullptr); }

private:
    Call* call_;
};

// For async_submit: a place, then the future.
template <class Core, class Call>
class room_wait : public room_waiter {
public:
    using value_type = typename Call::value_type;

    room_wait(Core& pool, unqueued_call<Call> call) noexcept
        : pool_(pool), ticket_(ticket_of(pool)), call_(std::move(call))
    {
    }

    bool start(pending_op& op)
    {
        op_ = &op;
        try {
            if (admit(pool_, this) == admission::waiting)
                return false;
        } catch (boost::system::system_error const& e) {
            error_ = e.code();
            return true;
        }
        enqueue(entrance::submitted);
        return true;
    }

    bool abandon() noexcept { return leave_line(ticket_, *this); }

    void cancel(pending_op& op) noexcept
    {
        if (abandon()) {
            error_ = boost::asio::error::operation_aborted;
            op.post();
        }
    }

    shared_state* state() const noexcept { return queued_.get(); }

    auto result() &&
    {
        return [error = error_, queued = std::move(queued_)](auto&& handler) mutable {
            std::forward<decltype(handler)>(handler)(
                error, future_access::make<future<value_type>>(std::move(queued)));
        };
    }

private:
    void granted(boost::system::error_code ec) noexcept override
    {
        error_ = ec;
        if (!ec)
            enqueue(entrance::granted);
        op_->post();
    }

    void enqueue(entrance by) noexcept
    {
        auto* const call = call_.release();
        queued_ = state_ptr(call, false);
        try {
            push_call(pool_, *call, by);
        } catch (...) {
            call->withdraw();
            queued_.reset();
            error_ = current_code();
        }
    }

    Core& pool_;
    pool_ticket const ticket_;
    unqueued_call<Call> call_;
    state_ptr queued_;
    pending_op* op_ = nullptr;
    boost::system::error_code error_;
};

// For async_invoke: a place, then the call's end. Cancelling withdraws or stops the call.
template <class Core, class Call>
class invoke_wait : public room_waiter, public action {
public:
    using value_type = typename Call::value_type;

    invoke_wait(Core& pool, unqueued_call<Call> call) noexcept
        : pool_(pool), ticket_(ticket_of(pool)), call_(std::move(call))
    {
    }

    bool start(pending_op& op)
    {
        op_ = &op;
        try {
            if (admit(pool_, this) == admission::waiting)
                return false;
        } catch (...) {
            error_ = std::current_exception();
            return true;
        }
        enqueue(entrance::submitted);
        return false;
    }

    // The context goes down: the call is withdrawn or asked to stop, and goes on alone.
    bool abandon() noexcept
    {
        if (leave_line(ticket_, *this))
            return true;
        if ((stage_.fetch_or(stopped, std::memory_order_acq_rel) & queued) == 0)
            return false;
        if (!queued_->remove(*this))
            return false;
        queued_->request_stop();
        return true;
    }

    void cancel(pending_op& op) noexcept
    {
        if (leave_line(ticket_, *this)) {
            error_ = aborted_exception();
            op.post();
        } else {
            stopped_ = true;
            if (stage_.fetch_or(stopped, std::memory_order_acq_rel) == queued)
                queued_->request_stop();
        }
    }

    shared_state* state() const noexcept { return queued_.get(); }

    void act(shared_state&) noexcept override { op_->post(); }
    pending_op* operation() noexcept override { return op_; }

    auto result() &&
    {
        if (error_)
            queued_.reset();
        return [error = std::move(error_), stopped = stopped_,
                call = std::move(queued_)](auto&& handler) mutable {
            deliver_outcome<value_type>(
                std::forward<decltype(handler)>(handler), std::move(error),
                [&]() -> value_type {
                    auto const block = std::move(call);
                    return outcome(static_cast<result_state<value_type>&>(*block), stopped);
                });
        };
    }

private:
    // Bits of stage_; whoever sets the second one calls the request_stop of queued_.
    static constexpr unsigned char queued = 1;   // queued_ is set and changes no more
    static constexpr unsigned char stopped = 2;  // to be stopped

    static std::exception_ptr same_error(void* reason) noexcept
    {
        return *static_cast<std::exception_ptr*>(reason);
    }

    // A call that ended by the stop that the cancellation asked for was aborted.
    static value_type outcome(result_state<value_type>& call, bool stopped)
    {
        try {
            return call.get_moved();
        } catch (cancelled_error const&) {
            if (!stopped)
                throw;
            std::rethrow_exception(aborted_exception());
        }
    }

    void granted(boost::system::error_code ec) noexcept override
    {
        if (ec) {
            error_ = exception_of(ec);
            op_->post();
        } else {
            enqueue(entrance::granted);
        }
    }

    // Its end will post the operation, which may be gone as soon as the stage says queued.
    void enqueue(entrance by) noexcept
    {
        auto& pool = pool_;
        auto const ticket = ticket_;
        auto* const call = call_.release();
        queued_ = state_ptr(call, false);
        call->add_unseen(*this);
        bool const stop = stage_.fetch_or(queued, std::memory_order_acq_rel) != 0;
        // Until it is pushed, its place in the queue keeps the call.
        state_ptr const keep(stop ? call : nullptr);
        try {
            push_call(pool, *call, by);
        } catch (...) {
            auto reason = std::current_exception();
            if (call->fail(&same_error, &reason))
                tell_cancelled(ticket);
            return;
        }
        if (stop)
            keep->request_stop();
    }

    Core& pool_;
    pool_ticket const ticket_;
    unqueued_call<Call> call_;
    state_ptr queued_;
    pending_op* op_ = nullptr;
    std::exception_ptr error_;
    std::atomic<unsigned char> stage_{0};
    bool stopped_ = false;  // touched on the handler's strand only
};

// For async_shutdown.
template <class Core>
class shutdown_wait {
public:
    shutdown_wait(Core& pool, shutdown_options options) noexcept
        : pool_(pool), ticket_(ticket_of(pool)), options_(options)
    {
    }

    bool start(pending_op& op)
    {
        waiter_.op = &op;
        return shut_down_async(pool_, options_, waiter_);
    }

    bool abandon() noexcept { return leave_shutdown(ticket_, waiter_); }

    void cancel(pending_op& op) noexcept
    {
        if (abandon()) {
            error_ = boost::asio::error::operation_aborted;
            op.post();
        }
    }

    shared_state* state() const noexcept { return nullptr; }

    auto result() &&
    {
        return [error = error_, report = waiter_.report](auto&& handler) {
            std::forward<decltype(handler)>(handler)(error, report);
        };
    }

private:
    Core& pool_;
    pool_ticket const ticket_;
    shutdown_options const options_;
    shutdown_waiter waiter_;
    boost::system::error_code error_;
};

}  // namespace cofu::detail
