// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The timeout and the name of a call submitted with task_options.

#include <cofu/config.hpp>
#include <cofu/detail/shared_state.hpp>
#include <cofu/detail/timer_queue.hpp>
#include <cofu/task_options.hpp>

#include <atomic>
#include <optional>
#include <string>

namespace cofu::detail {

// A call without options.
struct no_task_timer {
    explicit no_task_timer(no_task_options) noexcept {}

    void start(shared_state&) noexcept {}
    bool stop() noexcept { return false; }
    void replace_interruption(std::exception_ptr&) noexcept {}
};

class COFU_DECL task_timer final : timer_entry {
public:
    explicit task_timer(task_options const& options);
    ~task_timer();

    // The call begins.
    void start(shared_state& call) noexcept;
    // The call is over; true: its time was over before.
    bool stop() noexcept;
    // If the call left by an interruption, it is task_timed_out.
    void replace_interruption(std::exception_ptr& error) noexcept;

private:
    void expire() noexcept override;

    std::string name_;
    std::chrono::steady_clock::duration timeout_;
    std::optional<timer_hold> hold_;  // while a timeout may come
    shared_state* call_ = nullptr;
    std::atomic<bool> expired_{false};
};

template <class Options>
using timer_for =
    std::conditional_t<std::is_same_v<Options, task_options>, task_timer, no_task_timer>;

}  // namespace cofu::detail
