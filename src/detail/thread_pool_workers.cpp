// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The threads of a thread pool: how they look for work, sleep and end.

#include "thread_pool_core.hpp"

#include "../posix/this_process.hpp"
#include "own_queue.hpp"
#include "yield_until.hpp"

#include <cofu/detail/deadline.hpp>
#include <cofu/detail/worker_stay.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cofu::detail {

namespace {

// Workers that look a while longer for work before they sleep. Two: who finds some need not wake
// another, who would find the rest done on a busy processor.
constexpr std::uint32_t most_looking = 2;
// How many calls a worker leaves between itself and a quick producer, and how many more a pause has
// to bring if it goes on with that.
constexpr std::size_t least_distance = 16;
constexpr std::size_t largest_distance = 4096;
constexpr unsigned lingering = 30;  // half a microsecond, or one where a pause is long
constexpr auto memory_kept = std::chrono::seconds(1);  // by a worker that sleeps

// The pool that this thread was a worker of.
constinit thread_local thread_pool_core const* ended_in = nullptr;

}  // namespace

// Called where somebody may want to know it: a submitter who would wake or start another if nobody
// looked for what would be the only one that waits.
void thread_pool_core::look(worker& self) noexcept
{
    if (!queues_.looks_empty_for(self.queue))
        return;
    self.looking = true;
    idle_.look();
}

// The worker is about to run something that may take long; it leaves what waits to others.
void thread_pool_core::stop_looking(worker& self) noexcept
{
    if (std::exchange(self.looking, false))
        pass_on(idle_.stop_looking());
}

// This worker looks no more: is somebody needed for what still waits?
void thread_pool_core::pass_on(idle_workers::counts now) noexcept
{
    if (now.need_another() && !queues_.empty())
        call_another(false);
}

void thread_pool_core::work(worker& self) noexcept
{
    this_worker = &self;
    own_queue = &self.queue;
    name_this_thread(options_.thread_name_prefix, self.number);
    bool const ready = initialize(self);
    lock_type lock(mutex_);
    first_start_ = false;
    --starting_;
    // Whoever started it for a call that is not queued yet starts no other for that.
    if (ready) {
        self.looking = true;
        idle_.look();
    }
    lock.unlock();
    while (ready) {
        // For these another was called, if needed, when they came.
        auto* entry = queues_.take_own(self.queue);
        if (entry && (self.looking || idle_.guess().more))
            found(self);
        if (!entry)
            entry = find_at_a_distance(self);
        if (!entry)
            entry = wait_for_entry(self, lock);
        if (!entry)
            break;
        entry->run(self);
    }
    if (!lock.owns_lock())
        lock.lock();
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

queue_entry* thread_pool_core::find(worker& self, search how) noexcept
{
    auto* const entry = queues_.take(self.queue, how);
    // A batch may have been left behind it: as after a push.
    queues_.fence().light();
    if (entry && (self.looking || idle_.load().need_another()))
        found(self);
    return entry;
}

// A worker that keeps up with its producer fights it for the lines of the queue and of the calls
// that the producer has not done with, and both are slower than where many calls come together. So
// it lets some come first: one for 32 that it has begun since it last had nothing to do, as long as
// each pause brings enough. Where each call comes after the end of the last, it waits for none.
queue_entry* thread_pool_core::find_at_a_distance(worker& self) noexcept
{
    std::size_t const begun = self.queue.starts - self.starts_before_wait;
    auto const distance = std::clamp(begun / 32, least_distance, largest_distance);
    auto fresh = begun > 1 ? queues_.fresh() : 0;
    while (fresh != 0 && fresh < distance) {
        backoff::linger(lingering);
        auto const before = std::exchange(fresh, queues_.fresh());
        if (fresh < before + least_distance)
            break;
    }
    return find(self, self.looking ? search::thorough : search::passing);
}

void thread_pool_core::found(worker& self) noexcept
{
    if (std::exchange(self.looking, false))
        pass_on(idle_.stop_looking());
    else if (!queues_.looks_empty())
        pass_on(idle_.guess());
}

// There was nothing to run. Null: this thread ends, and the mutex may be held.
queue_entry* thread_pool_core::wait_for_entry(worker& self, lock_type& lock) noexcept
{
    self.starts_before_wait = self.queue.starts;
    for (;;) {
        if (!self.looking && idle_.guess().looking < most_looking) {
            self.looking = true;
            idle_.look();
        }
        queue_entry* entry = nullptr;
        auto const has_found = [&](search how) {
            return (entry = find(self, how)) != nullptr;
        };
        if (self.looking && yield_until([&] { return has_found(search::thorough); }))
            return entry;
        if (!self.queue.crowded && has_found(search::last))
            return entry;
        if (!sleep(self, lock))
            return nullptr;
        if (has_found(search::last))
            return entry;
    }
}

// True: there may be work. False: this thread ends; after its idle time the mutex is held, so that
// nothing can be queued before it is counted out.
bool thread_pool_core::sleep(worker& self, lock_type& lock) noexcept
{
    // Who pushes, or sets the phase, then reads idle_; here it is the other way round, all in one
    // sequentially consistent order. Whoever comes second sees the other and acts. Where a worker
    // left a crowd, the last of those who look now does that: it passes on what is left, or looks
    // itself when it falls asleep.
    auto const now = idle_.fall_asleep(std::exchange(self.looking, false));
    bool const others_look = std::exchange(self.queue.crowded, false) && now.looking != 0;
    auto phase_now = phase_.load(std::memory_order_seq_cst);
    if (phase_now != phase::open) {
        lock.lock();
        close_if_drained();
        phase_now = phase_;
        lock.unlock();
    }
    bool const waits = !others_look && !queues_.empty();
    if ((phase_now == phase::closed || waits) && idle_.wake_self(true)) {
        self.looking = true;
        return phase_now != phase::closed;
    }
    if (wait_for_token()) {
        self.looking = true;
        // Relaxed: the token's acquire shows what was written before it was put there.
        return phase_.load(std::memory_order_relaxed) != phase::closed;
    }
    lock.lock();
    if (queues_.empty())
        return false;
    lock.unlock();
    return true;
}

// False: the idle time is over, and this worker is no sleeper any more.
bool thread_pool_core::wait_for_token() noexcept
{
    auto const limit =
        options_.idle_timeout == forever ? std::nullopt : deadline_after(options_.idle_timeout);
    if (!limit && keeps_many_blocks()) {
        if (idle_.wait(deadline_after(memory_kept)))
            return true;
        give_back_blocks();
    }
    if (idle_.wait(limit))
        return true;
    return !idle_.wake_self(false) && idle_.wait({});
}

void thread_pool_core::end(worker& self, lock_type lock) noexcept
{
    self.alive = false;
    if (std::exchange(self.looking, false))
        idle_.stop_looking();
    --threads_;
    opened_or_closed();
    close_if_drained();
    auto before = std::exchange(last_ended_, std::move(self.thread));
    changed_.notify_all();
    this_worker = nullptr;
    own_queue = nullptr;
    ended_in = this;
    tell_ended(lock);
    lock.unlock();
    join(std::move(before));
}

void thread_pool_core::join_ended(lock_type& lock) noexcept
{
    // A worker that has ended may come here from the destructors of its thread-local objects; who
    // joins it waits for these.
    if (ended_in == this)
        return;
    // Who comes while another joins waits for that too.
    auto last = std::move(last_ended_);
    ++joining_;
    lock.unlock();
    join(std::move(last));
    lock.lock();
    --joining_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return joining_ == 0; });
}

void thread_pool_core::join(boost::thread ended) noexcept
{
    if (!ended.joinable())
        return;
    boost::this_thread::disable_interruption const no_interruption;
    ended.join();
}

}  // namespace cofu::detail
