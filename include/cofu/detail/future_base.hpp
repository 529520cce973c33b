// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What future<T> and any_future share: everything that needs no T.

#include <cofu/config.hpp>
#include <cofu/detail/deadline.hpp>
#include <cofu/detail/future_wait.hpp>
#include <cofu/detail/lent_ptr.hpp>
#include <cofu/detail/shared_state.hpp>
#include <cofu/future_state.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/assert.hpp>

#include <cstddef>
#include <functional>
#include <iosfwd>

namespace cofu::detail {

struct future_access;

struct initiate_done_wait {
    using executor_type = boost::asio::any_io_executor;

    lent_ptr<shared_state> state;

    executor_type get_executor() const noexcept { return state->executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const&
    {
        initiate_done_wait(*this)(std::forward<Handler>(handler));
    }
    template <class Handler>
    void operator()(Handler&& handler) &&
    {
        auto io = io_executor_for<Handler>([&] { return get_executor(); });
        initiate_op<done_wait>(std::forward<Handler>(handler), std::move(io), std::move(state));
    }
};

class COFU_DECL future_base {
public:
    /// Whether this refers to a call. All other members but ==, <<, hash and assignment need that.
    bool valid() const noexcept { return state_ != nullptr; }
    explicit operator bool() const noexcept { return valid(); }

    /// Where handlers without an executor of their own run: the pool's executor, or the one given
    /// to the promise, else (also once the pool is gone) the system executor.
    boost::asio::any_io_executor get_executor() const;

    /// Where the call stands at this moment.
    future_state state() const noexcept { return checked().state(); }
    /// Whether it is cancelled or finished.
    bool done() const noexcept { return checked().done(); }
    /// Whether a worker has begun it and it is not done.
    bool running() const noexcept { return state() == future_state::running; }
    /// Whether it will never run.
    bool cancelled() const noexcept { return state() == future_state::cancelled; }

    /// Cancels the call if it has not begun.
    ///
    /// True: it will never run, also when it was cancelled before; its function and arguments are
    /// destroyed when this returns, and everybody who waited is told. False: it has begun or is
    /// finished, and nothing changes.
    /// Thread safety: any thread, also a call or a callback.
    bool cancel() { return checked().cancel(); }

    /// Asks the call to end: cancels it if it is pending; if it runs, signals its `std::stop_token`
    /// and interrupts its thread (Boost.Thread's interruption) while it is that thread's innermost
    /// call. False: it was done already.
    /// Thread safety: any thread. Stop callbacks run on the calling thread.
    bool request_stop() { return checked().request_stop(); }

    /// Blocks until the call is done. On a worker this is an interruption point.
    void wait() const { checked().wait_until(std::nullopt); }

    /// Blocks until the call is done or the time is over; true: it is done. Zero or less polls.
    template <class Rep, class Period>
    bool wait_for(std::chrono::duration<Rep, Period> timeout) const
    {
        return checked().wait_until(deadline_after(timeout));
    }
    template <class Clock, class Duration>
    bool wait_until(std::chrono::time_point<Clock, Duration> limit) const
    {
        return checked().wait_until(deadline_at(limit));
    }

    /// Blocks; the exception that the call threw, null if it returned.
    /// Exceptions: cancelled_error; with a timeout, timeout_error.
    std::exception_ptr exception() const;
    template <class Rep, class Period>
    std::exception_ptr exception(std::chrono::duration<Rep, Period> timeout) const
    {
        return exception_until(deadline_after(timeout));
    }

    /// Waits until the call is done, however it ended.
    ///
    /// Completion: `void(error_code)`, on the handler's associated executor, else on
    /// `get_executor()`, by post.
    /// Cancellation: every type abandons the waiting with `operation_aborted`; the call goes on.
    template <boost::asio::completion_token_for<void(boost::system::error_code)> Token =
                  boost::asio::deferred_t>
    auto async_wait(Token&& token = {}) const
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
            initiate_done_wait{lend()}, token);
    }

    /// Whether both refer to the same call.
    friend bool operator==(future_base const& a, future_base const& b) noexcept
    {
        return a.state_ == b.state_;
    }

    /// For example `<future state=finished returned int>`.
    friend COFU_DECL std::ostream& operator<<(std::ostream& os, future_base const& f);

protected:
    future_base() noexcept = default;
    explicit future_base(state_ptr state) noexcept : state_(std::move(state)) {}
    future_base(future_base const&) = default;
    future_base(future_base&&) noexcept = default;
    future_base& operator=(future_base const&) = default;
    future_base& operator=(future_base&&) noexcept = default;
    ~future_base() = default;

    shared_state& checked() const noexcept
    {
        BOOST_ASSERT_MSG(state_, "the future is empty: default-constructed or moved from");
        return *state_;
    }

    // Throws timeout_error unless the call is done in time.
    void wait_or_throw(deadline const& limit) const
    {
        if (!state_ || !state_->wait_until(limit))
            throw_not_done();
    }

    // For an initiating function. Throws invalid_state_error if this is empty.
    lent_ptr<shared_state> lend() const
    {
        if (!state_)
            throw_not_done();
        return lent_ptr<shared_state>(state_.get());
    }
    // The same, and this is empty afterwards.
    lent_ptr<shared_state> give_up()
    {
        if (!state_)
            throw_not_done();
        return lent_ptr<shared_state>(std::move(state_));
    }

private:
    friend struct future_access;

    std::exception_ptr exception_until(deadline const& limit) const;
    [[noreturn]] void throw_not_done() const;

    state_ptr state_;
};

// How the library's own parts look into futures and make them.
struct future_access {
    static state_ptr const& state(future_base const& f) noexcept { return f.state_; }

    template <class Future>
    static Future make(state_ptr state) noexcept
    {
        return Future(std::move(state));
    }
};

// Throws invalid_state_error for an empty future.
COFU_DECL shared_state& checked_state(future_base const& f);

template <class Future>
struct future_hash {
    std::size_t operator()(Future const& f) const noexcept
    {
        return std::hash<void const*>()(future_access::state(f).get());
    }
};

}  // namespace cofu::detail
