// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "tracker_executor.hpp"

namespace cofu::test {

std::size_t execution_log::given() const
{
    std::lock_guard lock(mutex_);
    return given_;
}

std::size_t execution_log::ran() const
{
    std::lock_guard lock(mutex_);
    return threads_.size();
}

std::size_t execution_log::ran_inside_initiation() const
{
    std::lock_guard lock(mutex_);
    return inside_;
}

std::vector<std::thread::id> execution_log::threads() const
{
    std::lock_guard lock(mutex_);
    return threads_;
}

bool execution_log::running_in_this_thread() const noexcept
{
    for (auto scope = execution_scope::innermost_; scope; scope = scope->outer_)
        if (&scope->log_ == this)
            return true;
    return false;
}

void execution_log::note_given()
{
    std::lock_guard lock(mutex_);
    ++given_;
}

void execution_log::note_run()
{
    std::lock_guard lock(mutex_);
    threads_.push_back(std::this_thread::get_id());
    inside_ += initiation_scope::active() ? 1 : 0;
}

thread_local execution_scope const* execution_scope::innermost_ = nullptr;

execution_scope::execution_scope(execution_log& log) : log_(log), outer_(innermost_)
{
    log.note_run();
    innermost_ = this;
}

execution_scope::~execution_scope()
{
    innermost_ = outer_;
}

} // namespace cofu::test
