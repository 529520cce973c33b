// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Waiting for one call: what an operation on a future waits for, and how the outcome reaches the
// handler.

#include <cofu/detail/async_op.hpp>
#include <cofu/detail/result_state.hpp>
#include <cofu/error.hpp>

#include <boost/asio/error.hpp>

#include <optional>
#include <utility>

namespace cofu::detail {

COFU_DECL std::exception_ptr aborted_exception();

// The outcome of a call as the arguments of completion_signature_t<T>.
template <class T, class Handler, class Get>
void deliver_outcome(Handler&& handler, std::exception_ptr error, Get&& get)
{
    if constexpr (std::is_void_v<T>) {
        try {
            if (!error)
                std::forward<Get>(get)();
        } catch (...) {
            error = std::current_exception();
        }
        std::forward<Handler>(handler)(std::move(error));
    } else if constexpr (std::is_reference_v<T>) {
        std::remove_reference_t<T>* value = nullptr;
        try {
            if (!error)
                value = std::addressof(std::forward<Get>(get)());
        } catch (...) {
            error = std::current_exception();
        }
        std::forward<Handler>(handler)(std::move(error), value);
    } else {
        std::optional<T> value;
        try {
            if (!error)
                value.emplace(std::forward<Get>(get)());
        } catch (...) {
            error = std::current_exception();
        }
        if constexpr (!std::is_default_constructible_v<T>)
            std::forward<Handler>(handler)(std::move(error), std::move(value));
        else if (value)
            std::forward<Handler>(handler)(std::move(error), std::move(*value));
        else
            std::forward<Handler>(handler)(std::move(error), T());
    }
}

// Waits for one call; the rest of a Wait is told by Result.
class call_wait : public action {
public:
    bool abandon() noexcept { return state_->remove(*this); }

    bool start(pending_op& op) noexcept
    {
        op_ = &op;
        return !state_->add(*this);
    }

    void cancel(pending_op& op) noexcept
    {
        if (abandon()) {
            aborted_ = true;
            op.post();
        }
    }

    shared_state* state() const noexcept { return state_.get(); }

    void act(shared_state&) noexcept override { op_->post(); }
    pending_op* operation() noexcept override { return op_; }

protected:
    explicit call_wait(state_ptr state) noexcept : state_(std::move(state)) {}

    state_ptr state_;
    pending_op* op_ = nullptr;
    bool aborted_ = false;
};

enum class read { copied, moved };

// For future<T>::operator() and async_result.
template <class T, read How>
class outcome_wait : public call_wait {
public:
    // Of a result_state<T>.
    explicit outcome_wait(state_ptr state) noexcept : call_wait(std::move(state)) {}

    auto result() &&
    {
        if (aborted_)
            state_.reset();
        return [state = std::move(state_)](auto&& handler) mutable {
            auto error = state ? nullptr : aborted_exception();
            deliver_outcome<T>(std::forward<decltype(handler)>(handler), std::move(error),
                               [&state]() -> T {
                                   // The block goes before the handler runs.
                                   auto const block = std::move(state);
                                   auto& call = static_cast<result_state<T>&>(*block);
                                   if constexpr (How == read::moved)
                                       return call.get_moved();
                                   else
                                       return call.get();
                               });
        };
    }
};

// For async_wait: done, however it ended.
class done_wait : public call_wait {
public:
    explicit done_wait(state_ptr state) noexcept : call_wait(std::move(state)) {}

    auto result() &&
    {
        state_.reset();
        return [aborted = aborted_](auto&& handler) {
            boost::system::error_code ec;
            if (aborted)
                ec = boost::asio::error::operation_aborted;
            std::forward<decltype(handler)>(handler)(ec);
        };
    }
};

}  // namespace cofu::detail
