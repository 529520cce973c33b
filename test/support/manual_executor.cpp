// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "manual_executor.hpp"

namespace cofu::test {

namespace execution = boost::asio::execution;

manual_context::~manual_context()
{
    shutdown();
    while (pop())
    {
    }
    destroy();
}

manual_context::executor_type manual_context::get_executor() noexcept
{
    return manual_executor(*this);
}

bool manual_context::run_one()
{
    struct runner_scope
    {
        explicit runner_scope(manual_context& c) : context(c), previous(c.runner_)
        {
            context.runner_ = std::this_thread::get_id();
        }
        ~runner_scope() { context.runner_ = previous; }

        manual_context& context;
        std::thread::id const previous;
    };
    auto const f = pop();
    if (!f)
        return false;
    runner_scope scope(*this);
    f->run();
    return true;
}

std::size_t manual_context::run_all(std::size_t limit)
{
    std::size_t ran = 0;
    while (ran < limit && run_one())
        ++ran;
    return ran;
}

std::size_t manual_context::pending() const
{
    std::lock_guard lock(mutex_);
    return queue_.size();
}

void manual_context::refuse(std::size_t k)
{
    std::lock_guard lock(mutex_);
    refuse_in_ = k;
}

void manual_context::check_refusal()
{
    std::lock_guard lock(mutex_);
    if (refuse_in_ != 0 && --refuse_in_ == 0)
        throw execute_refused();
}

void manual_context::push(std::unique_ptr<function> f)
{
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(f));
}

std::unique_ptr<manual_context::function> manual_context::pop()
{
    std::lock_guard lock(mutex_);
    if (queue_.empty())
        return nullptr;
    auto f = std::move(queue_.front());
    queue_.pop_front();
    return f;
}

manual_executor::manual_executor(manual_context* context, properties bits) noexcept
    : context_(context), bits_(bits)
{
    count(1);
}

manual_executor& manual_executor::operator=(manual_executor const& o) noexcept
{
    o.count(1);
    count(-1);
    context_ = o.context_;
    bits_ = o.bits_;
    return *this;
}

void manual_executor::count(int change) const noexcept
{
    if (bits_.tracked)
        context_->work_ += static_cast<std::size_t>(change);
}

manual_executor manual_executor::require(execution::blocking_t::possibly_t) const noexcept
{
    return {context_, {false, bits_.continuation, bits_.tracked}};
}

manual_executor manual_executor::require(execution::blocking_t::never_t) const noexcept
{
    return {context_, {true, bits_.continuation, bits_.tracked}};
}

manual_executor manual_executor::require(execution::relationship_t::fork_t) const noexcept
{
    return {context_, {bits_.never_blocks, false, bits_.tracked}};
}

manual_executor manual_executor::require(execution::relationship_t::continuation_t) const noexcept
{
    return {context_, {bits_.never_blocks, true, bits_.tracked}};
}

manual_executor manual_executor::require(execution::outstanding_work_t::tracked_t) const noexcept
{
    return {context_, {bits_.never_blocks, bits_.continuation, true}};
}

manual_executor manual_executor::require(execution::outstanding_work_t::untracked_t) const noexcept
{
    return {context_, {bits_.never_blocks, bits_.continuation, false}};
}

execution::blocking_t manual_executor::query(execution::blocking_t) const noexcept
{
    if (bits_.never_blocks)
        return execution::blocking.never;
    return execution::blocking.possibly;
}

execution::relationship_t manual_executor::query(execution::relationship_t) const noexcept
{
    if (bits_.continuation)
        return execution::relationship.continuation;
    return execution::relationship.fork;
}

execution::outstanding_work_t manual_executor::query(execution::outstanding_work_t) const noexcept
{
    if (bits_.tracked)
        return execution::outstanding_work.tracked;
    return execution::outstanding_work.untracked;
}

} // namespace cofu::test
