// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The end of a thread pool: drained, closed, or broken.

#include "thread_pool_core.hpp"

#include <cofu/detail/worker_stay.hpp>
#include <cofu/error.hpp>

#include <utility>

namespace cofu::detail {

shutdown_report report(pool_stats const& start, pool_stats const& now) noexcept
{
    return {now.finished + now.failed - start.finished - start.failed,
            now.cancelled - start.cancelled};
}

namespace {

// A shutdown on this thread's stack tells those whom it ends; their callbacks may shut down again.
struct telling {
    thread_pool_core const* pool;
    telling const* outer;
};
constinit thread_local telling const* innermost_telling = nullptr;

std::ptrdiff_t tellings_of(thread_pool_core const* pool) noexcept
{
    std::ptrdiff_t n = 0;
    for (auto const* t = innermost_telling; t; t = t->outer)
        n += t->pool == pool;
    return n;
}

}  // namespace

// Each worker sleeps, or waits in a shutdown, and the queues are empty; from now on something can
// be queued under the mutex only. The counts are read before the queues (see sleep()) and once
// more, as one that was about to sleep may have found and taken an entry in between.
bool thread_pool_core::drained() noexcept
{
    auto const all_rest = [this] { return idle_.load().sleeping + in_shutdown_ == threads_; };
    return (phase_ == phase::draining || phase_ == phase::closing) && telling_ == 0 && all_rest()
           && queues_.empty() && all_rest()
           && (!wait_for_work_ || outstanding_.load(std::memory_order_acquire) <= 0);
}

void thread_pool_core::close_if_drained() noexcept
{
    if (drained())
        close();
}

void thread_pool_core::close() noexcept
{
    phase_ = phase::closed;
    opened_or_closed();
    idle_.wake_all();
    changed_.notify_all();
}

void thread_pool_core::begin_shutdown(shutdown_options const& options, lock_type& lock)
{
    if (phase_ == phase::open)
        phase_ = phase::draining;
    wait_for_work_ = wait_for_work_ || options.wait_for_work;
    opened_or_closed();
    entry_list withdrawn;
    if (options.cancel_futures && phase_ != phase::closed) {
        phase_ = phase::closing;
        queues_.take_all(true, withdrawn);
    }
    // The handlers of what ends here are posted before the pool may close.
    ++telling_;
    telling const here{this, innermost_telling};
    innermost_telling = &here;
    turn_away(errc::shut_down, lock);
    lock.unlock();
    while (!withdrawn.empty()) {
        auto& entry = withdrawn.front();
        withdrawn.pop_front();
        entry.withdraw();
    }
    innermost_telling = here.outer;
    lock.lock();
    --telling_;
    close_if_drained();
    tell_ended(lock);
}

// Tells those who stand in line now. Each leaves the line under the lock, as it does by itself when
// its operation is cancelled meanwhile.
void thread_pool_core::turn_away(errc why, lock_type& lock) noexcept
{
    auto turned_away = std::move(places_.line());
    while (!turned_away.empty()) {
        auto& waiter = turned_away.front();
        turned_away.pop_front();
        lock.unlock();
        waiter.granted(why);
        lock.lock();
    }
}

shutdown_report thread_pool_core::shutdown(shutdown_options const& options)
{
    if (is_forked())
        return {};
    lock_type lock(mutex_);
    auto const start = stats_now();
    begin_shutdown(options, lock);
    if (!options.wait)
        return report(start, stats_now());
    auto const tellings = tellings_of(this);
    telling_ -= tellings;
    if (!on_worker()) {
        close_if_drained();
        changed_.wait(lock, [this] { return ended(); });
    } else {
        // Waits for all others but those that wait here too, and does their work meanwhile. When no
        // other is left, all that wait here are let go together.
        auto& self = *this_worker;
        auto const over = shutdowns_over_;
        ++in_shutdown_;
        changed_.notify_all();
        while (over == shutdowns_over_) {
            if (auto* const entry = queues_.take(self.queue)) {
                --in_shutdown_;
                if (!queues_.empty()) {
                    if (choose_sleeper())
                        futex_wake(idle_.tokens(), 1);
                    else
                        grow_locked(false);
                }
                run_nested(self, *entry, lock);
                ++in_shutdown_;
                continue;
            }
            close_if_drained();
            if (phase_ == phase::closed && threads_ == in_shutdown_) {
                ++shutdowns_over_;
                changed_.notify_all();
            } else if (queues_.empty()) {
                changed_.wait(lock);
            }
        }
        --in_shutdown_;
    }
    telling_ += tellings;
    join_ended(lock);
    return report(start, stats_now());
}

// Runs an entry on the stack of a call that waits. An interruption of the waiting call is kept for
// it, and does not reach the entry.
void thread_pool_core::run_nested(worker& self, queue_entry& entry, lock_type& lock) noexcept
{
    auto* const outer = self.innermost.load(std::memory_order_relaxed);
    bool const interrupted = boost::this_thread::interruption_requested();
    if (interrupted)
        worker_stay::swallow_interruption();
    suspended_call waiting{outer, interrupted, self.suspended};
    self.suspended = &waiting;
    self.innermost.store(nullptr, std::memory_order_relaxed);
    lock.unlock();
    entry.run(self);
    lock.lock();
    self.innermost.store(outer, std::memory_order_relaxed);
    self.suspended = waiting.below;
    if (waiting.interruption)
        self.thread.interrupt();
    if (std::exchange(self.looking, false))
        idle_.stop_looking();
}

bool thread_pool_core::shut_down_async(shutdown_options const& options, shutdown_waiter& waiter)
{
    if (is_forked())
        return true;
    boost::intrusive_ptr const keep(this);  // a callback of a cancelled call may destroy the pool
    lock_type lock(mutex_);
    waiter.start = stats_now();
    begin_shutdown(options, lock);
    if (options.wait && !ended()) {
        shutdown_waiters_.push_back(waiter);
        return false;
    }
    waiter.report = report(waiter.start, stats_now());
    return true;
}

// Once the pool has ended, the operations that wait for that are posted.
void thread_pool_core::tell_ended(lock_type& lock) noexcept
{
    if (!ended() || shutdown_waiters_.empty())
        return;
    ready_ops ready;
    while (!shutdown_waiters_.empty()) {
        auto& waiter = shutdown_waiters_.front();
        shutdown_waiters_.pop_front();
        waiter.report = report(waiter.start, stats_now());
        ready.push(*waiter.op);
    }
    lock.unlock();
    ready.post_all();
    lock.lock();
}

bool thread_pool_core::abandon(shutdown_waiter& waiter) noexcept
{
    lock_type lock(mutex_);
    return leave(shutdown_waiters_, waiter);
}

void thread_pool_core::break_with(std::exception_ptr cause, lock_type& lock) noexcept
{
    if (broken_)
        return;
    broken_ = cause;
    phase_ = phase::closed;
    opened_or_closed();
    entry_list failed;
    queues_.take_all(false, failed);
    close();
    turn_away(errc::broken_thread_pool, lock);
    lock.unlock();
    std::uint64_t calls = 0;
    while (!failed.empty()) {
        auto& entry = failed.front();
        failed.pop_front();
        calls += entry.fail(&make_broken, &cause);
    }
    lock.lock();
    failed_by_pool_ += calls;
}

// Release, and acquire where the last is awaited: what the work did is seen by that shutdown.
void thread_pool_core::work_finished() noexcept
{
    auto n = outstanding_.load(std::memory_order_relaxed);
    while (n != 1)
        if (outstanding_.compare_exchange_weak(n, n - 1, std::memory_order_acq_rel))
            return;
    // The last goes under the lock, so that a shutdown that waits for it does not end before this.
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    if (outstanding_.fetch_sub(1, std::memory_order_acq_rel) == 1 && wait_for_work_) {
        close_if_drained();
        tell_ended(lock);
    }
}

}  // namespace cofu::detail
