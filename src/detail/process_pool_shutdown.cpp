// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The end of a process pool.

#include "driving_spot.hpp"
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

// Threads inside a shutdown are not waited for. Callbacks that are due are run by this thread later
// where it is inside one.
bool process_pool_core::has_ended() const noexcept
{
    return is_closed_ && concluding_ <= excused_ && (due_.empty() || conclusions_below() != 0);
}

// On an executor of the program, when there is no I/O any more that they could hold up.
bool process_pool_core::may_run_callbacks() const noexcept
{
    return is_closed_ && !own_ && !due_.empty() && conclusions_below() == 0;
}

void process_pool_core::wait_for_end(lock_type& lock) noexcept
{
    auto const inside = conclusions_below();
    bool const on_io_thread = own_ && own_->is_current();
    bool const on_callback_thread = callback_thread_.is_current();
    excused_ += inside;
    io_thread_shuts_ = io_thread_shuts_ || on_io_thread;
    callback_thread_shuts_ = callback_thread_shuts_ || on_callback_thread;
    wake_waiters();
    auto const done = [this] { return has_ended() || may_run_callbacks(); };
    for (;;) {
        if (needs_driver())
            drive_until(lock, done, {});
        else
            changed_.wait(lock, done);
        if (has_ended())
            break;
        run_callbacks(lock);
    }
    end_threads(lock);
    excused_ -= inside;
    io_thread_shuts_ = io_thread_shuts_ && !on_io_thread;
    callback_thread_shuts_ = callback_thread_shuts_ && !on_callback_thread;
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
    if (options.wait)
        wait_for_end(lock);
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

// The last one out: nothing of the pool is left afterwards but the object. Of two threads of the
// pool that are inside a shutdown neither waits for the other; they end by themselves.
void process_pool_core::end_threads(lock_type& lock) noexcept
{
    auto* const io_watch = io_is_lost_ ? nullptr : std::exchange(io_watch_, nullptr);
    bool const is_ours = (own_ && own_->is_current()) || callback_thread_.is_current();
    bool const joins_io = own_ && !(is_ours && io_thread_shuts_);
    bool const joins_callbacks = !(is_ours && callback_thread_shuts_);
    is_over_ = true;
    watched_.reset();
    is_watching_ = false;
    callbacks_due_.notify_all();
    for (auto& turn : turns_)
        turn.spot.look_again();
    if (own_)
        own_->stop(wait_for_work_);
    lock.unlock();
    if (joins_io)
        own_->join();
    if (joins_callbacks)
        callback_thread_.join();
    if (io_watch)
        io_watch->remove(*this);
    lock.lock();
}

}  // namespace cofu::detail
