// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How many threads a thread pool has: whether what was queued wakes one, starts one, or neither.

#include "thread_pool_core.hpp"

#include <cofu/detail/worker_count.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace cofu::detail {

namespace {

constexpr auto creation_retry = std::chrono::milliseconds(100);
// Giving way so often takes as long as a thread's start; and so often in its life a pool does it for
// nothing.
constexpr unsigned turns_for_a_thread = 16;
constexpr unsigned most_futile_turns = 3;

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
    auto free =
        std::find_if(workers_.begin(), workers_.end(), [](auto const& w) { return !w->alive; });
    if (free == workers_.end()) {
        auto made = std::make_unique<worker>();
        made->pool = this;
        made->number = workers_.size();
        made->idle = &idle_.counted();
        made->gives_places_back = options_.max_queue != unlimited;
        if (workers_.size() == workers_.capacity())
            workers_.reserve(2 * workers_.size() + 1);
        queues_.add(made->queue);
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
    ++starting_;
    turns_left_ = turns_for_a_thread;
    opened_or_closed();
}

// After a change of the phase or of the number of threads. Relaxed: what orders is_open_ stands
// where it is declared.
void thread_pool_core::opened_or_closed() noexcept
{
    idle_.set_more(threads_ < max_workers_);
    bool const is_open = phase_ == phase::open && threads_ != 0 && options_.idle_timeout == forever;
    is_open_.store(is_open, std::memory_order_relaxed);
    admits_at_once_.store(is_open && options_.max_queue == unlimited, std::memory_order_relaxed);
}

// With the mutex held. True: a sleeping worker was chosen, and the caller wakes it when it has let
// go of the mutex.
bool thread_pool_core::choose_sleeper() noexcept
{
    if (in_shutdown_ != 0)
        changed_.notify_all();
    return idle_.choose_one();
}

// Nobody was woken for what has just been queued.
void thread_pool_core::grow(bool nothing_waited) noexcept
{
    auto const now = idle_.load();
    if (now.sleeping != 0 || (now.looking != 0 && nothing_waited))
        return;
    lock_type lock(mutex_);
    grow_locked(nothing_waited);
}

// For a submitter, before one more thread is started: a worker that is about to look for work may
// want no more than the processor that they share. True: nothing waits now, and the calls were
// short, as somebody is idle. Relaxed, all: a turn more or less is no harm.
bool thread_pool_core::give_way() noexcept
{
    auto const turns = turns_left_.load(std::memory_order_relaxed);
    if (turns == 0 || futile_turns_.load(std::memory_order_relaxed) >= most_futile_turns)
        return false;
    if (idle_.guess().looking == 0 && starting_.load(std::memory_order_relaxed) == 0)
        return false;
    turns_left_.store(turns - 1, std::memory_order_relaxed);
    std::this_thread::yield();
    if (auto const now = idle_.load(); now.looking + now.sleeping != 0 && queues_.looks_empty())
        return true;
    futile_turns_.fetch_add(1, std::memory_order_relaxed);
    return false;
}

void thread_pool_core::grow_locked(bool nothing_waited) noexcept
{
    // A worker that left its call has raised `looking` before its future became done.
    auto const now = idle_.load();
    if (phase_ == phase::closed
        || detail::on_work({threads_, max_workers_, now.sleeping, now.looking, nothing_waited})
               != worker_action::start)
        return;
    if (std::exchange(first_start_, false))
        return;
    // Who took it meanwhile, and looks no more, asks again for what is left.
    if (queues_.looks_empty())
        return;
    // The workers that exist take the work if no more can be made.
    if (retry_at_ != std::chrono::steady_clock::time_point()
        && std::chrono::steady_clock::now() < retry_at_)
        return;
    try {
        start_worker();
        retry_at_ = {};
    } catch (...) {
        retry_at_ = std::chrono::steady_clock::now() + creation_retry;
    }
}

void thread_pool_core::call_another(bool nothing_waited) noexcept
{
    if (idle_.choose_one())
        futex_wake(idle_.tokens(), 1);
    else
        grow(nothing_waited);
}

}  // namespace cofu::detail
