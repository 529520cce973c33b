// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The threads of a thread pool: how they start, look for work, sleep and end.

#include "thread_pool_core.hpp"

#include "../posix/this_process.hpp"

#include <cofu/detail/deadline.hpp>
#include <cofu/detail/worker_count.hpp>
#include <cofu/detail/worker_stay.hpp>

#include <algorithm>
#include <utility>

namespace cofu::detail {

namespace {

constexpr auto creation_retry = std::chrono::milliseconds(100);

// The pool that this thread was a worker of.
constinit thread_local thread_pool_core const* ended_in = nullptr;

}  // namespace

// A pool without a thread gets one before anything is queued; if that fails, nothing has happened.
void thread_pool_core::start_first()
{
    if (threads_ != 0)
        return;
    start_worker();
    first_start_ = true;
}

void thread_pool_core::start_worker()
{
    auto free = std::find_if(workers_.begin(), workers_.end(),
                             [](auto const& w) { return !w->alive; });
    if (free == workers_.end()) {
        auto made = std::make_unique<worker>();
        made->pool = this;
        made->number = workers_.size();
        workers_.reserve(workers_.size() + 1);
        local_queues_.push_back(&made->queue);
        workers_.push_back(std::move(made));
        free = workers_.end() - 1;
    }
    auto& chosen = **free;
    boost::thread::attributes attributes;
    if (options_.stack_size != 0)
        attributes.set_stack_size(options_.stack_size);
    // The thread lets go of the core when it ends, not when it is joined: nobody joins the last
    // worker of a pool that was destroyed by its own call.
    auto run = [core = boost::intrusive_ptr(this), &chosen]() mutable {
        auto const keep = std::move(core);
        keep->work(chosen);
    };
    chosen.thread = boost::thread(attributes, std::move(run));
    chosen.alive = true;
    ++threads_;
    ++running_;
}

// The pool may be destroyed as soon as what was pushed has run.
void thread_pool_core::wake_after(bool wake, lock_type& lock) noexcept
{
    boost::intrusive_ptr const keep(wake ? this : nullptr);
    lock.unlock();
    if (wake)
        work_.notify_one();
}

// True: the caller notifies a sleeping worker, if it can once it has let go of the mutex: a woken
// thread that meets the mutex goes back to sleep. The worker counts as looking from now on.
bool thread_pool_core::on_work(bool queue_was_empty) noexcept
{
    if (in_shutdown_ != 0)
        changed_.notify_all();
    // Acquire: a worker that left its call raised looking_ before its future became done.
    switch (detail::on_work({threads_, max_workers_, sleeping_ - woken_,
                             looking_.load(std::memory_order_acquire), queue_was_empty})) {
    case worker_action::none: return false;
    case worker_action::wake:
        ++woken_;
        looking_.fetch_add(1, std::memory_order_relaxed);
        return true;
    case worker_action::start: break;
    }
    if (std::exchange(first_start_, false))
        return false;
    // The workers that exist take the work if no more can be made.
    if (retry_at_ != std::chrono::steady_clock::time_point()
        && std::chrono::steady_clock::now() < retry_at_)
        return false;
    try {
        start_worker();
        retry_at_ = {};
    } catch (...) {
        retry_at_ = std::chrono::steady_clock::now() + creation_retry;
    }
    return false;
}

void thread_pool_core::look(worker& self) noexcept
{
    self.looking = true;
    looking_.fetch_add(1, std::memory_order_release);
}

// The worker is about to run something that may take long; it leaves what waits to others.
void thread_pool_core::stop_looking(worker& self) noexcept
{
    if (!self.looking)
        return;
    self.looking = false;
    lock_type lock(mutex_);
    looking_.fetch_sub(1, std::memory_order_relaxed);
    if (!queues_.empty() && on_work(false))
        work_.notify_one();
}

void thread_pool_core::work(worker& self) noexcept
{
    this_worker() = &self;
    name_this_thread(options_.thread_name_prefix, self.number);
    bool const ready = initialize(self);
    lock_type lock(mutex_);
    --running_;
    if (ready) {
        while (auto* entry = next(self, lock)) {
            ++running_;
            lock.unlock();
            if (self.owes_wake)
                work_.notify_one();
            entry->run();
            lock.lock();
            --running_;
        }
    }
    end(self, std::move(lock));
}

bool thread_pool_core::initialize(worker&) noexcept
{
    if (!options_.initializer)
        return true;
    try {
        options_.initializer();
        worker_stay::swallow_interruption();
        return true;
    } catch (...) {
        lock_type lock(mutex_);
        break_with(std::current_exception(), lock);
        return false;
    }
}

// What to run next; null: this thread ends.
queue_entry* thread_pool_core::next(worker& self, lock_type& lock) noexcept
{
    first_start_ = false;
    for (;;) {
        if (!self.looking)
            look(self);
        auto* const entry = queues_.take(local_queues_, self.number);
        self.looking = false;
        looking_.fetch_sub(1, std::memory_order_relaxed);
        if (entry) {
            self.owes_wake = !queues_.empty() && on_work(false);
            return entry;
        }
        close_if_drained();
        if (phase_ == phase::closed || !sleep(self, lock))
            return nullptr;
    }
}

// True: there may be work.
bool thread_pool_core::sleep(worker& self, lock_type& lock) noexcept
{
    auto const is_over = [this] { return woken_ != 0 || phase_ == phase::closed; };
    ++sleeping_;
    if (options_.idle_timeout == forever) {
        work_.wait(lock, is_over);
    } else {
        auto const limit = deadline_after(options_.idle_timeout);
        if (limit)
            work_.wait_until(lock, *limit, is_over);
        else
            work_.wait(lock, is_over);
    }
    --sleeping_;
    if (woken_ == 0)
        return false;
    --woken_;
    self.looking = true;
    return true;
}

void thread_pool_core::end(worker& self, lock_type lock) noexcept
{
    self.alive = false;
    if (--threads_ == 0)
        admits_at_once_.store(false, std::memory_order_relaxed);
    auto before = std::exchange(last_ended_, std::move(self.thread));
    changed_.notify_all();
    this_worker() = nullptr;
    ended_in = this;
    tell_ended(lock);
    lock.unlock();
    join(std::move(before));
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

void thread_pool_core::join_ended(lock_type& lock) noexcept
{
    // A worker that has ended may come here from the destructors of its thread-local objects; who
    // joins it waits for these.
    if (ended_in == this)
        return;
    auto last = std::move(last_ended_);
    lock.unlock();
    join(std::move(last));
    lock.lock();
}

void thread_pool_core::join(boost::thread ended) noexcept
{
    if (!ended.joinable())
        return;
    boost::this_thread::disable_interruption const no_interruption;
    ended.join();
}

}  // namespace cofu::detail
