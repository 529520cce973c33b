// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Calls that ended tell their futures. Callbacks run elsewhere, so that none holds up the pool's
// I/O: on a thread of their own, or where the program runs the pool's I/O.

#include "process_pool_core.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace cofu::detail {

namespace {

// What this thread tells, or whose callbacks it runs; they may shut the pool down.
struct concluding {
    explicit concluding(process_pool_core const& p) noexcept
        : pool(&p), outer(std::exchange(innermost, this))
    {
    }
    ~concluding() { innermost = outer; }
    concluding(concluding const&) = delete;
    concluding& operator=(concluding const&) = delete;

    process_pool_core const* const pool;
    concluding* const outer;
    process_task const* task = nullptr;      // whose callbacks are left
    callback_runner* callbacks = nullptr;  // to this one

    static constinit thread_local concluding* innermost;
};
constinit thread_local concluding* concluding::innermost = nullptr;

}  // namespace

std::size_t process_pool_core::conclusions_below() const noexcept
{
    std::size_t n = 0;
    for (auto const* c = concluding::innermost; c; c = c->outer)
        n += c->pool == this;
    return n;
}

callback_runner* callbacks_of(process_task const& task) noexcept
{
    auto const* const here = concluding::innermost;
    return here && here->task == &task ? here->callbacks : nullptr;
}

// What a thread cancels by a shutdown of its own has its callbacks run there, as by cancel().
void process_pool_core::conclude(lock_type& lock, found_by whom) noexcept
{
    task_list ended;
    ended.swap(rest_.ended);
    ++concluding_;
    lock.unlock();
    {
        concluding here(*this);
        here.callbacks = this;
        while (!ended.empty()) {
            auto& task = ended.front();
            ended.pop_front();
            bool const apart = whom == found_by::driver || task.end != task_end::cancelled;
            here.task = apart ? &task : nullptr;
            task.conclude(outcomes_);
        }
    }
    lock.lock();
    --concluding_;
    call_back(lock);
    wake_waiters();
}

void process_pool_core::take(shared_state& call) noexcept
{
    lock_type const lock(mutex_);
    due_.push(call);
}

// Finds somebody for the callbacks that are due: this thread where nobody else is left or can be
// had.
void process_pool_core::call_back(lock_type& lock) noexcept
{
    if (due_.empty())
        return;
    if (is_over_ || io_is_lost_) {
        if (conclusions_below() == 0)
            run_callbacks(lock);
        return;
    }
    try {
        if (own_) {
            if (!callback_thread_.is_started())
                callback_thread_.start(
                    [keep = boost::intrusive_ptr(this)] { keep->run_callbacks_until_over(); });
            callbacks_due_.notify_one();
        } else if (!std::exchange(is_call_back_posted_, true)) {
            lock.unlock();
            boost::asio::post(io_, [ticket = ticket()] {
                if (auto const pool = of(ticket))
                    pool->run_posted_callbacks();
            });
            lock.lock();
        }
    } catch (...) {
        if (!lock.owns_lock())
            lock.lock();
        is_call_back_posted_ = false;
        run_callbacks(lock);
    }
}

void process_pool_core::run_callbacks(lock_type& lock) noexcept
{
    while (!due_.empty())
        run_callbacks_of(take_due(), lock);
}

shared_state& process_pool_core::take_due() noexcept
{
    ++concluding_;
    return due_.pop();
}

void process_pool_core::run_callbacks_of(shared_state& call, lock_type& lock) noexcept
{
    lock.unlock();
    {
        concluding const here(*this);
        call.run_actions();
    }
    lock.lock();
    --concluding_;
    if (is_closed_)
        wake_waiters();
    tell_closed(lock);
}

// One call's, so that others have their turn on the executor, which may have several threads. They
// may end the pool, or the context.
void process_pool_core::run_posted_callbacks() noexcept
{
    lock_type lock(mutex_);
    is_call_back_posted_ = false;
    if (due_.empty())
        return;
    auto& call = take_due();
    if (!is_over_ && !io_is_lost_)
        call_back(lock);
    run_callbacks_of(call, lock);
    call_back(lock);
}

void process_pool_core::run_callbacks_until_over() noexcept
{
    lock_type lock(mutex_);
    while (!due_.empty() || !is_over_) {
        run_callbacks(lock);
        callbacks_due_.wait(lock, [this] { return !due_.empty() || is_over_; });
    }
}

void process_pool_core::tell_closed(lock_type& lock) noexcept
{
    if (!is_closed_ || concluding_ != 0 || !due_.empty() || shutdown_waiters_.empty())
        return;
    auto const stats = stats_now();
    ready_ops ready;
    while (!shutdown_waiters_.empty()) {
        auto& waiter = shutdown_waiters_.front();
        shutdown_waiters_.pop_front();
        waiter.report = report(waiter.start, stats);
        ready.push(*waiter.op);
    }
    lock.unlock();
    ready.post_all();
    lock.lock();
}

}  // namespace cofu::detail
