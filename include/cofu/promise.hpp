// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The producer's side of a future.

#include <cofu/detail/promise_state.hpp>
#include <cofu/error.hpp>
#include <cofu/future.hpp>

#include <stop_token>
#include <utility>

namespace cofu {

/// Makes a future from any source of a value. One owner; exactly one setter wins.
///
/// Thread safety: distinct objects are safe; of a shared object the setters and `stop_token` are,
/// moving and destroying are not. A promise destroyed without a result gives `broken_promise`.
///
/// Source: the functions of Python's `Future` that are meant for executors.
template <class T>
class promise {
public:
    /// Handlers without an executor of their own run on the system executor.
    promise() : promise(boost::asio::any_io_executor()) {}

    /// Handlers without an executor of their own run on this one.
    explicit promise(boost::asio::any_io_executor executor)
        : state_(new detail::promise_state<T>(std::move(executor)))
    {
    }

    promise(promise&& other) noexcept = default;
    promise& operator=(promise&& other) noexcept
    {
        promise(std::move(other)).state_.swap(state_);
        return *this;
    }
    ~promise() = default;

    /// A handle to the outcome; may be called again for another.
    /// Exceptions: here and below, invalid_state_error if the promise was moved from.
    future<T> get_future() { return detail::future_access::make<future<T>>(checked().handle()); }

    /// Says that the work begins: true, and the future is running. False: it was cancelled, and the
    /// work should not be done.
    /// Exceptions: invalid_state_error when it runs or is finished already.
    bool set_running_or_notify_cancel() { return checked().begin_running(); }

    /// Sets the value: a `T` made from the arguments, for a reference T& an lvalue, for void
    /// nothing.
    /// Exceptions: invalid_state_error if there is an outcome already; what constructing the value
    /// throws, and then nothing has changed.
    template <class... Args>
    void set_result(Args&&... args)
    {
        checked().set_value(std::forward<Args>(args)...);
    }

    /// Sets the exception. Exceptions: invalid_state_error if there is an outcome already.
    void set_exception(std::exception_ptr error) { checked().set_error(std::move(error)); }

    /// Signalled by `future::request_stop` while the promise runs.
    std::stop_token stop_token() const { return checked().stop_token(); }

private:
    detail::promise_state<T>& checked() const
    {
        if (!state_)
            throw invalid_state_error("the promise was moved from");
        return *state_;
    }

    detail::promise_ptr<T> state_;
};

}  // namespace cofu
