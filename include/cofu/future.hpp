// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A handle to a call that was submitted, or promised.

#include <cofu/completion_signature.hpp>
#include <cofu/detail/done_callback.hpp>
#include <cofu/detail/future_base.hpp>
#include <cofu/detail/stackful_check.hpp>

#include <functional>
#include <utility>

namespace cofu {

namespace detail {

template <class T, read How>
struct initiate_outcome_wait {
    using executor_type = boost::asio::any_io_executor;

    lent_ptr<shared_state> state;

    executor_type get_executor() const noexcept { return state->executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const&
    {
        initiate_outcome_wait(*this)(std::forward<Handler>(handler));
    }
    template <class Handler>
    void operator()(Handler&& handler) &&
    {
        auto io = io_executor_for<Handler>([&] { return get_executor(); });
        initiate_op<outcome_wait<T, How>>(std::forward<Handler>(handler), std::move(io),
                                          std::move(state));
    }
};

template <class T>
struct result_reference {
    using type = T const&;
};
template <class T>
struct result_reference<T&> {
    using type = T&;
};
template <>
struct result_reference<void> {
    using type = void;
};

}  // namespace detail

/// A handle to a call's outcome, shared by its copies; and itself an Asio operation, so that
/// `co_await pool.submit(f)`, `fut(token)` and every composition of Asio work on it.
///
/// T is an object, a reference or void; it need be neither copyable nor default-constructible.
///
/// Reading: an lvalue gives a reference (blocking) or a copy (asynchronous), any number of times
/// and from any thread; an rvalue moves the value out, once, and later reads through any handle
/// throw `invalid_state_error`. A reference from `result() const&` lives as long as a handle does,
/// and the program sees to it that nobody moves the value out meanwhile.
///
/// Thread safety: distinct objects are safe, also those that refer to one call. Shared objects:
/// const members, `cancel` and `request_stop` are safe; assignment and rvalue reads are not.
/// Lifetime: may outlive the pool. Dropping the last handle does not cancel the call.
///
/// Source: Python's `concurrent.futures.Future`.
template <class T>
class future : public detail::future_base {
public:
    /// What the call returns.
    using value_type = T;

    /// Empty: refers to no call.
    future() noexcept = default;

    /// Blocks until the call is done and gives its value: `T const&`, for a reference T&, for void
    /// nothing. On a worker this is an interruption point.
    /// Exceptions: what the call threw; cancelled_error; invalid_state_error if the value was moved
    /// out; with a timeout, timeout_error (zero or less polls).
    typename detail::result_reference<T>::type result() const&
    {
        return get(std::nullopt);
    }
    template <class Rep, class Period>
    typename detail::result_reference<T>::type
    result(std::chrono::duration<Rep, Period> timeout) const&
    {
        return get(detail::deadline_after(timeout));
    }

    /// The same, but moves the value out.
    T result() && { return get_moved(std::nullopt); }
    template <class Rep, class Period>
    T result(std::chrono::duration<Rep, Period> timeout) &&
    {
        return get_moved(detail::deadline_after(timeout));
    }

    /// Calls `f(future<T>)` once when the call is done.
    ///
    /// Callbacks added before run one after another, in order of addition, on the thread that
    /// completes or cancels the call, outside every lock; one added afterwards runs at once, on
    /// this thread. A process pool completes its calls on a thread of their own for that, or, with
    /// `process_pool_options::io`, posts there. A callback with an associated executor (`boost::asio::bind_executor`) is posted
    /// there in either case. What it throws is told to the pool's observer.
    /// Exceptions: what allocating throws; then nothing was added.
    template <class F>
    void add_done_callback(F f)
    {
        detail::add_done_callback<future>(detail::future_access::state(*this), std::move(f));
    }

    /// The future as an Asio operation: waits and gives the outcome.
    ///
    /// Completion: `completion_signature_t<T>`, on the handler's associated executor, else on
    /// `get_executor()`, by post; a cancelled call gives cancelled_error.
    /// Cancellation: every type abandons the waiting with `operation_aborted`; the call goes on.
    /// The lvalue form copies the value. The rvalue form moves it out, and takes the handle: this is
    /// empty then; who wants to stop the call, or to wait again, keeps a copy.
    /// Exceptions: invalid_state_error if this is empty; what allocating throws.
    template <boost::asio::completion_token_for<completion_signature_t<T>> Token>
    auto operator()(Token&& token) const&
    {
        return async_result(std::forward<Token>(token));
    }
    template <boost::asio::completion_token_for<completion_signature_t<T>> Token>
    auto operator()(Token&& token) &&
    {
        return std::move(*this).async_result(std::forward<Token>(token));
    }

    /// The same by name, for `co_await fut.async_result()`: Asio awaits rvalues only.
    template <boost::asio::completion_token_for<completion_signature_t<T>> Token =
                  boost::asio::deferred_t>
    auto async_result(Token&& token = {}) const&
    {
        return initiate(token, detail::initiate_outcome_wait<T, detail::read::copied>{lend()});
    }
    template <boost::asio::completion_token_for<completion_signature_t<T>> Token =
                  boost::asio::deferred_t>
    auto async_result(Token&& token = {}) &&
    {
        return initiate(token, detail::initiate_outcome_wait<T, detail::read::moved>{give_up()});
    }

private:
    friend struct detail::future_access;

    explicit future(detail::state_ptr state) noexcept : future_base(std::move(state)) {}

    auto& typed() const noexcept
    {
        return static_cast<detail::result_state<T>&>(*detail::future_access::state(*this));
    }

    decltype(auto) get(detail::deadline const& limit) const
    {
        wait_or_throw(limit);
        return typed().get();
    }

    T get_moved(detail::deadline const& limit) const
    {
        wait_or_throw(limit);
        return typed().get_moved();
    }

    template <class Token, class Initiation>
    static auto initiate(Token& token, Initiation initiation)
    {
        detail::check_stackful<Token>();
        return boost::asio::async_initiate<Token, completion_signature_t<T>>(std::move(initiation),
                                                                             token);
    }
};

}  // namespace cofu

template <class T>
struct std::hash<cofu::future<T>> : cofu::detail::future_hash<cofu::future<T>> {};
