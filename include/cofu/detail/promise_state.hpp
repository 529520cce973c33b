// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The shared state of a promise; also the base of what as_future makes.

#include <cofu/detail/result_state.hpp>
#include <cofu/error.hpp>

#include <boost/asio/system_executor.hpp>

#include <memory>
#include <stop_token>
#include <utility>

namespace cofu::detail {

template <class T>
class promise_state : public result_state<T> {
public:
    explicit promise_state(boost::asio::any_io_executor executor)
        : result_state<T>(call_word::runner), executor_(std::move(executor))
    {
        if (!executor_)
            executor_ = boost::asio::system_executor();
    }

    state_ptr handle() noexcept { return state_ptr(this); }

    bool begin_running()
    {
        if (this->apply([](call_word::word w) { return call_word::begin_running(w); }))
            return true;
        if (this->state() == future_state::cancelled)
            return false;
        throw invalid_state_error("the promise runs or has its outcome already");
    }

    template <class... Args>
    void set_value(Args&&... args)
    {
        auto const before = begin_setting();
        auto const phase = this->store([&]() -> T {
            if constexpr (std::is_reference_v<T>)
                return (std::forward<Args>(args), ...);
            else if constexpr (!std::is_void_v<T>)
                return T(std::forward<Args>(args)...);
        });
        if (phase == call_word::error) {
            auto error = this->take_error();
            this->apply([&](call_word::word w) {
                return std::optional(call_word::with_phase(w, before));
            });
            std::rethrow_exception(error);
        }
        this->finish(phase, 0);
    }

    void set_error(std::exception_ptr error)
    {
        begin_setting();
        this->keep_error(std::move(error));
        this->finish(call_word::error, 0);
    }

    std::stop_token stop_token() const { return stop_.get_token(); }

    // The promise goes away.
    void abandon() noexcept
    {
        if (this->apply([](call_word::word w) { return call_word::begin_setting(w); })) {
            this->keep_error(std::make_exception_ptr(broken_promise()));
            this->finish(call_word::error, 0);
        }
        this->drop(call_word::runner);
    }

    boost::asio::any_io_executor executor() const override { return executor_; }

protected:
    void signal_stop() noexcept override { stop_.request_stop(); }
    void destroy() noexcept override { delete this; }
    virtual ~promise_state() = default;

private:
    // The phase before.
    call_word::word begin_setting()
    {
        call_word::word before = 0;
        if (!this->apply([&](call_word::word w) {
                before = call_word::phase(w);
                return call_word::begin_setting(w);
            }))
            throw invalid_state_error("the promise has its outcome already, or was cancelled");
        return before;
    }

    boost::asio::any_io_executor executor_;
    std::stop_source stop_;
};

// Owns the runner's reference.
template <class T>
class promise_ptr {
public:
    explicit promise_ptr(promise_state<T>* state) noexcept : state_(state) {}
    promise_ptr(promise_ptr&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    promise_ptr& operator=(promise_ptr&&) = delete;
    ~promise_ptr()
    {
        if (state_)
            state_->abandon();
    }

    void swap(promise_ptr& other) noexcept { std::swap(state_, other.state_); }
    explicit operator bool() const noexcept { return state_ != nullptr; }
    promise_state<T>& operator*() const noexcept { return *state_; }

private:
    promise_state<T>* state_;
};

}  // namespace cofu::detail
