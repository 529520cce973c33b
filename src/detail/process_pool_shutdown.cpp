// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The end of a process pool.

#include "io_context_watch.hpp"
#include "process_pool_core.hpp"
#include "process_pool_thread.hpp"

#include <utility>

namespace cofu::detail {

// The mutex is free afterwards.
void process_pool_core::begin_shutdown(shutdown_options const& options, lock_type& lock) noexcept
{
    is_shut_ = true;
    wait_for_work_ = wait_for_work_ || options.wait_for_work;
    rest_.turned_away.splice(rest_.turned_away.end(), places_.line());
    rest_.why = errc::shut_down;
    fsm_.shutdown(options.cancel_futures ? unbegun_calls::cancel : unbegun_calls::run, now());
    settle(lock);
}

// Calls that this thread is about to conclude can't be waited for.
bool process_pool_core::has_ended() const noexcept
{
    return is_closed_ && concluding_ == conclusions_below();
}

shutdown_report process_pool_core::shutdown(shutdown_options const& options)
{
    if (is_forked())
        return {};
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    auto const start = stats_now();
    begin_shutdown(options, lock);
    lock.lock();
    if (options.wait) {
        auto const done = [this] { return has_ended(); };
        if (needs_driver())
            drive_until(lock, done, {});
        else
            changed_.wait(lock, done);
        end_thread(lock);
    }
    return report(start, stats_now());
}

bool process_pool_core::shut_down_async(shutdown_options const& options, shutdown_waiter& waiter)
{
    if (is_forked())
        return true;
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    waiter.start = stats_now();
    if (options.wait)
        shutdown_waiters_.push_back(waiter);
    begin_shutdown(options, lock);
    if (options.wait)
        return false;
    lock.lock();
    waiter.report = report(waiter.start, stats_now());
    return true;
}

bool process_pool_core::abandon(shutdown_waiter& waiter) noexcept
{
    lock_type lock(mutex_);
    return leave(shutdown_waiters_, waiter);
}

void process_pool_core::terminate_workers()
{
    check_process();
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    is_shut_ = true;
    fsm_.terminate_workers(now());
    settle(lock);
}

void process_pool_core::kill_workers()
{
    check_process();
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    is_shut_ = true;
    fsm_.kill_workers(now());
    settle(lock);
}

// The last one out: nothing of the pool is left afterwards but the object.
void process_pool_core::end_thread(lock_type& lock) noexcept
{
    auto* const io_watch = io_is_lost_ ? nullptr : std::exchange(io_watch_, nullptr);
    lock.unlock();
    if (own_)
        own_->end(wait_for_work_);
    if (io_watch)
        io_watch->remove(*this);
    lock.lock();
}

}  // namespace cofu::detail
