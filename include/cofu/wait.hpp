// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Waiting for several futures at once.

#include <cofu/detail/future_range.hpp>
#include <cofu/detail/stackful_check.hpp>
#include <cofu/detail/wait_set.hpp>
#include <cofu/return_when.hpp>
#include <cofu/task_options.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace cofu {

/// What `wait` gives: each future once, in the order given.
template <class F>
struct wait_result {
    std::vector<F> done;      ///< finished or cancelled
    std::vector<F> not_done;  ///< the others
};

namespace detail {

template <class F>
wait_result<F> split(std::vector<F> handles, wait_result<F> result = {})
{
    for (auto& f : handles)
        (f.done() ? result.done : result.not_done).push_back(std::move(f));
    return result;
}

template <future_range Range>
auto wait_for(Range&& futures, deadline const& limit, return_when when)
{
    auto handles = distinct_futures(futures);
    wait_for_set(states_of(handles), when, limit);
    return split(std::move(handles));
}

// What async_wait waits for. The result's room is made at the start.
template <class F>
class set_wait {
public:
    set_wait(std::vector<F> handles, return_when when, deadline const& limit)
        : handles_(std::move(handles)), states_(states_of(handles_)), set_(states_, when, limit)
    {
        split_.done.reserve(handles_.size());
        split_.not_done.reserve(handles_.size());
    }

    bool start(pending_op& op) noexcept { return set_.start(op); }
    bool abandon() noexcept { return set_.abandon(); }

    void cancel(pending_op& op) noexcept
    {
        if (abandon()) {
            error_ = boost::asio::error::operation_aborted;
            op.post();
        }
    }

    shared_state* state() const noexcept { return states_.empty() ? nullptr : states_.front(); }

    auto result() &&
    {
        set_.stop();
        return [error = error_,
                result = split(std::move(handles_), std::move(split_))](auto&& handler) mutable {
            std::forward<decltype(handler)>(handler)(error, std::move(result));
        };
    }

private:
    std::vector<F> handles_;
    std::vector<shared_state*> states_;
    wait_result<F> split_;
    boost::system::error_code error_;
    async_wait_set set_;
};

template <class F>
struct initiate_set_wait {
    using executor_type = boost::asio::any_io_executor;

    std::vector<F> handles;

    executor_type get_executor() const noexcept
    {
        return executor_of(handles.empty() ? state_ptr() : future_access::state(handles.front()));
    }

    template <class Handler>
    void operator()(Handler&& handler, deadline const& limit, return_when when) const
    {
        initiate_op<set_wait<F>>(std::forward<Handler>(handler), get_executor(), handles, when,
                                 limit);
    }
};

template <class F>
using wait_signature = void(boost::system::error_code, wait_result<F>);

template <class Range, class Token>
auto async_wait_for(Range&& futures, deadline const& limit, return_when when, Token& token)
{
    using f = range_future_t<Range>;
    check_stackful<Token>();
    return boost::asio::async_initiate<Token, wait_signature<f>>(
        initiate_set_wait<f>{distinct_futures(futures)}, token, limit, when);
}

}  // namespace detail

/// Blocks until the futures are done as `when` says, or the time is over; gives the split as it
/// then stands. `done` holds all that are done at that moment. An expired timeout is no error.
///
/// `futures` is any range of `future<T>` or `any_future`, of any pools; duplicates count once; an
/// empty one returns at once. Linear in their number: to treat many in order of completion use
/// `as_completed`, since a loop of `first_completed` waits is quadratic.
/// On a worker this is an interruption point.
/// Exceptions: invalid_state_error if one of them is empty. Lifetime: the handles are copied.
/// Source: Python's `concurrent.futures.wait`.
template <detail::future_range Range>
wait_result<detail::range_future_t<Range>> wait(Range&& futures,
                                                return_when when = return_when::all_completed)
{
    return detail::wait_for(futures, std::nullopt, when);
}
template <detail::future_range Range, class Rep, class Period>
wait_result<detail::range_future_t<Range>> wait(Range&& futures,
                                                std::chrono::duration<Rep, Period> timeout,
                                                return_when when = return_when::all_completed)
{
    return detail::wait_for(futures, detail::deadline_after(timeout), when);
}

/// The same without blocking. The handles are copied before this returns.
///
/// Completion: `void(error_code, wait_result<F>)`, on the handler's associated executor, else on
/// that of the first future.
/// Cancellation: every type abandons the waiting with `operation_aborted`, and gives the split as
/// it stands; the calls go on.
template <detail::future_range Range,
          boost::asio::completion_token_for<detail::wait_signature<detail::range_future_t<Range>>>
              Token = boost::asio::deferred_t>
auto async_wait(Range&& futures, Token&& token = {})
{
    return detail::async_wait_for(futures, std::nullopt, return_when::all_completed, token);
}
template <detail::future_range Range,
          boost::asio::completion_token_for<detail::wait_signature<detail::range_future_t<Range>>>
              Token = boost::asio::deferred_t>
auto async_wait(Range&& futures, return_when when, Token&& token = {})
{
    return detail::async_wait_for(futures, std::nullopt, when, token);
}
template <detail::future_range Range, class Rep, class Period,
          boost::asio::completion_token_for<detail::wait_signature<detail::range_future_t<Range>>>
              Token = boost::asio::deferred_t>
auto async_wait(Range&& futures, std::chrono::duration<Rep, Period> timeout, Token&& token = {})
{
    return detail::async_wait_for(futures, detail::deadline_after(timeout),
                                  return_when::all_completed, token);
}
template <detail::future_range Range, class Rep, class Period,
          boost::asio::completion_token_for<detail::wait_signature<detail::range_future_t<Range>>>
              Token = boost::asio::deferred_t>
auto async_wait(Range&& futures, std::chrono::duration<Rep, Period> timeout, return_when when,
                Token&& token = {})
{
    return detail::async_wait_for(futures, detail::deadline_after(timeout), when, token);
}

}  // namespace cofu
