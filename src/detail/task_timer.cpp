// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/task_timer.hpp>

#include <cofu/detail/deadline.hpp>
#include <cofu/detail/exception_text.hpp>
#include <cofu/error.hpp>

namespace cofu::detail {

task_timer::task_timer(task_options const& options) : name_(options.name), timeout_(options.timeout)
{
    if (deadline_after(timeout_))
        hold_.emplace();
}

task_timer::~task_timer() = default;

void task_timer::start(shared_state& call) noexcept
{
    if (!hold_)
        return;
    call_ = &call;
    arm(*deadline_after(timeout_));
}

bool task_timer::stop() noexcept
{
    if (!hold_)
        return false;
    disarm();
    hold_.reset();
    return expired_.load(std::memory_order_relaxed);
}

void task_timer::expire() noexcept
{
    expired_.store(true, std::memory_order_relaxed);
    // Stop callbacks of the call run here; it can't finish before disarm() returned.
    call_->request_stop();
}

void task_timer::replace_interruption(std::exception_ptr& error) noexcept
{
    try {
        std::rethrow_exception(error);
    } catch (interrupted_call const&) {
        try {
            auto const seconds = std::chrono::duration<double>(timeout_).count();
            error = std::make_exception_ptr(task_timed_out(
                "the call" + (name_.empty() ? std::string() : " '" + name_ + "'")
                + " was stopped after its timeout of " + std::to_string(seconds) + " s"));
        } catch (...) {
            error = std::current_exception();
        }
    } catch (...) {
    }
}

}  // namespace cofu::detail
