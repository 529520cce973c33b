// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Waiting for one call: what an operation on a future waits for, and how the outcome reaches the
// handler.

#include <cofu/detail/async_op.hpp>
#include <cofu/detail/lent_ptr.hpp>
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

    // From then on it holds a handle.
    bool start(pending_op& op) noexcept
    {
        op_ = &op;
        bool const was_kept = std::exchange(is_kept_, true);
        return !state_->add_lasting(*this, was_kept ? 0 : call_word::handle, was_kept);
    }

    void cancel(pending_op& op) noexcept
    {
        if (abandon()) {
            aborted_ = true;
            op.post();
        }
    }

    shared_state* state() const noexcept { return state_; }

    void act(shared_state&) noexcept override { op_->post(); }
    pending_op* operation() noexcept override { return op_; }

protected:
    explicit call_wait(lent_ptr<shared_state>&& state) noexcept
        : state_(state.get()), is_kept_(state.release())
    {
    }
    ~call_wait()
    {
        if (is_kept_)
            intrusive_ptr_release(state_);
    }

    state_ptr take_state() noexcept
    {
        is_kept_ = false;
        return {state_, false};
    }

    bool aborted_ = false;

private:
    shared_state* const state_;
    pending_op* op_ = nullptr;
    bool is_kept_;
};

enum class read { copied, moved };

// For future<T>::operator() and async_result.
template <class T, read How>
class outcome_wait : public call_wait {
public:
    // Of a result_state<T>.
    explicit outcome_wait(lent_ptr<shared_state>&& state) noexcept
        : call_wait(std::move(state))
    {
    }

    auto result() &&
    {
        auto state = this->take_state();
        if (aborted_)
            state.reset();
        return [state = std::move(state)](auto&& handler) mutable {
            auto error = state ? nullptr : aborted_exception();
            deliver_outcome<T>(std::forward<decltype(handler)>(handler), std::move(error),
                               [&state]() -> T {
                                   // The block goes before the handler runs.
                                   auto block = std::move(state);
                                   if constexpr (How == read::moved)
                                       return result_state<T>::get_moved_from(std::move(block));
                                   else
                                       return static_cast<result_state<T>&>(*block).get();
                               });
        };
    }
};

// For async_wait: done, however it ended.
class done_wait : public call_wait {
public:
    explicit done_wait(lent_ptr<shared_state>&& state) noexcept
        : call_wait(std::move(state))
    {
    }

    auto result() &&
    {
        take_state();
        return [aborted = aborted_](auto&& handler) {
            boost::system::error_code ec;
            if (aborted)
                ec = boost::asio::error::operation_aborted;
            std::forward<decltype(handler)>(handler)(ec);
        };
    }
};

}  // namespace cofu::detail
