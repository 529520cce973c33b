// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/ready_queues.hpp>

#include "../posix/this_process.hpp"
#include "own_queue.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace cofu::detail {

namespace {

// A thief's fence, and their owner's wait for it, is little beside so many submissions.
constexpr std::size_t worth_a_fence = 32;
constexpr std::size_t largest_booty = 512;

// Takes the oldest, before anything is done with it.
template <class Entries>
queue_entry& next_of(Entries& entries) noexcept
{
    auto& entry = entries.front();
    entries.pop_front();
    return entry;
}

}  // namespace

constinit thread_local local_queue* own_queue = nullptr;

template <class Atomics>
template <class Action>
void basic_ready_queues<Atomics>::for_each(Action action) const noexcept
{
    for (auto* q = first_.load(std::memory_order_acquire); q;
         q = q->next.load(std::memory_order_acquire))
        action(*q);
}

// Release: a thief that finds the queue sees it made.
template <class Atomics>
void basic_ready_queues<Atomics>::add(local_queue& queue) noexcept
{
    auto const before = joined_.load(std::memory_order_relaxed);
    queue.number = static_cast<std::uint32_t>(before);
    (last_ ? last_->next : first_).store(&queue, std::memory_order_release);
    last_ = &queue;
    joined_.store(before + 1, std::memory_order_relaxed);
}

// By the owner of an empty queue: from now on its next addition is told to those who look.
template <class Atomics>
void basic_ready_queues<Atomics>::leave(local_queue& own) noexcept
{
    if (own.counted == 0)
        return;
    loaded_.fetch_sub(std::exchange(own.counted, 0), std::memory_order_seq_cst);
    if (own.submitted.is_roomy()) {
        std::unique_ptr<queue_entry*[]> room;
        own_guard const guard(own.lock);
        room = own.submitted.give_up_room();
    }
}

template <class Atomics>
bool basic_ready_queues<Atomics>::make_room(local_queue& own) noexcept
{
    try {
        auto room = own.submitted.more_room();
        own_guard const guard(own.lock);
        room = own.submitted.move_to(std::move(room));
        return true;
    } catch (std::bad_alloc const&) {
        return false;
    }
}

template <class Atomics>
bool basic_ready_queues<Atomics>::all_look_empty() const noexcept
{
    if (loaded_.load(std::memory_order_relaxed) == 0)
        return true;
    for (auto* q = first_.load(std::memory_order_acquire); q;
         q = q->next.load(std::memory_order_acquire))
        if (q->size() != 0)
            return false;
    return true;
}

template <class Atomics>
queue_entry* basic_ready_queues<Atomics>::take(local_queue& own, search how) noexcept
{
    auto* const entry = choose(own, how);
    if (entry)
        ++own.starts;
    return entry;
}

template <class Atomics>
queue_entry* basic_ready_queues<Atomics>::choose(local_queue& own, search how) noexcept
{
    auto const turn = (own.starts + 1) % fairness_period;
    bool const outside_first = turn == fairness_period / 2;
    if (!outside_first)
        if (auto* const entry = take_submitted(own, turn == 0))
            return entry;
    if (auto* const entry = own.batch.pop())
        return entry;
    if (auto* const entry = take_injected(own, how))
        return entry;
    if (outside_first)
        if (auto* const entry = take_submitted(own, false))
            return entry;
    leave(own);
    return own.crowded ? nullptr : steal(own, how);
}

// The oldest from outside, which another worker may have in its batch.
template <class Atomics>
queue_entry* basic_ready_queues<Atomics>::take_injected(local_queue& own, search how) noexcept
{
    bool meets_others = std::exchange(own.crowded, false);
    while (!nothing_injected()) {
        local_queue* late = nullptr;
        std::uint32_t age = 0;
        {
            meets_others = meets_others || !(out_.lock.try_lock() || out_.lock.try_lock_soon());
            if (std::exchange(meets_others, false) && !stand_back(own, how))
                return nullptr;
            std::lock_guard const guard(out_.lock, std::adopt_lock);
            if (own.number < ages_.most)
                ages_.at[own.number] = 0;
            late = find_late();
            if (!late)
                return hand_out(own);
            age = ages_.at[late->number];
        }
        if (auto* const entry = late->batch.steal())
            return entry;
        // Its owner is through with that batch, and may have another.
        std::lock_guard const guard(out_.lock);
        if (ages_.at[late->number] == age)
            ages_.at[late->number] = 0;
    }
    return nullptr;
}

// By a worker that did not get the lock of out_ soon. True: it is the caller's now. False: there is
// nothing to take any more, or it is left to others (crowded).
//
// Where calls are so short that their workers meet here, a call costs less than the lines of the
// queue do on their way from one worker to the other. So this one leaves the queue to the others
// for as long as they are quick, and then for longer each time.
template <class Atomics>
bool basic_ready_queues<Atomics>::stand_back(local_queue& own, search how) noexcept
{
    using backoff = typename Atomics::backoff;
    unsigned pauses = 0;
    for (int left = may_yield() ? most_breaks : 0; left != 0; --left) {
        std::this_thread::yield();
        pauses = longer_break(pauses);
        auto const before = ages_.handed_out.load(std::memory_order_relaxed);
        backoff::linger(pauses);
        if (nothing_injected())
            return false;
        auto const taken = ages_.handed_out.load(std::memory_order_relaxed) - before;
        if (how == search::passing && taken >= pauses / backoff::pauses_of_crowd) {
            own.crowded = true;
            return false;
        }
        if (taken < pauses / backoff::pauses_of_quick && out_.lock.try_lock_soon())
            return true;
    }
    out_.lock.lock();
    return true;
}

// Under the lock of out_: who has a batch that one more batch might overtake by too many.
template <class Atomics>
auto basic_ready_queues<Atomics>::find_late() noexcept -> local_queue*
{
    auto const workers = joined_.load(std::memory_order_relaxed);
    auto const limit = static_cast<std::uint32_t>(overtaking * workers - largest_batch);
    auto const last = std::min(workers, ages_.most);
    auto const handed_out = ages_.handed_out.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < last; ++i)
        if (ages_.at[i] != 0 && handed_out - ages_.at[i] > limit) {
            // Its owner was under this lock, so it is linked.
            auto* q = first_.load(std::memory_order_acquire);
            while (q->number != i)
                q = q->next.load(std::memory_order_acquire);
            return q;
        }
    return nullptr;
}

// Under the lock of out_: the oldest. Others come with it into the batch, which is empty, if enough
// is left for all workers.
template <class Atomics>
queue_entry* basic_ready_queues<Atomics>::hand_out(local_queue& own) noexcept
{
    auto& out = out_.entries;
    auto size = out_.size.load(std::memory_order_relaxed);
    if (size == 0) {
        std::lock_guard const guard(in_.lock);
        out.swap(in_.entries);
        size = in_.size.load(std::memory_order_relaxed);
        in_.size.store(0, std::memory_order_relaxed);
    }
    if (size == 0)
        return nullptr;
    auto const next = [&out] { return &next_of(out); };
    bool const may_keep = own.number < ages_.most;
    auto const share = size / joined_.load(std::memory_order_relaxed);
    auto const n = may_keep ? std::clamp<std::size_t>(share, 1, largest_batch) : 1;
    auto* const first = next();
    auto const handed_out = ages_.handed_out.load(std::memory_order_relaxed)
                            + static_cast<std::uint32_t>(n);
    ages_.handed_out.store(handed_out, std::memory_order_relaxed);
    if (n > 1) {
        ages_.at[own.number] = std::max(handed_out, std::uint32_t{1});
        enter(own, one_fenced);
        own.batch.put(n - 1, next);
        prefetch_to_read(own.batch.next());
    }
    out_.size.store(size - n, std::memory_order_relaxed);
    return first;
}

template <class Atomics>
queue_entry* basic_ready_queues<Atomics>::steal(local_queue& own, search how) noexcept
{
    if (loaded_.load(std::memory_order_relaxed) == 0)
        return nullptr;
    auto const least = how == search::last ? 1 : worth_a_fence;
    auto* const first = first_.load(std::memory_order_acquire);
    auto const after = [first](local_queue* q) {
        auto* const next = q->next.load(std::memory_order_acquire);
        return next ? next : first;
    };
    for (auto* q = after(&own); q != &own; q = after(q)) {
        // One of a batch: its age is known as long as it stays there.
        auto* entry = q->batch.steal();
        if (!entry && q->submissions.load(std::memory_order_relaxed) >= least)
            entry = rob(*q, own);
        if (entry)
            return entry;
    }
    return nullptr;
}

// Half of what the other's calls submitted: the oldest.
template <class Atomics>
queue_entry* basic_ready_queues<Atomics>::rob(local_queue& victim, local_queue& own) noexcept
{
    auto const seen = victim.submissions.load(std::memory_order_relaxed);
    // Under the lock: whoever took the last entry wrote there.
    auto const room_now = [&own] {
        own_guard const guard(own.lock);
        return own.submitted.room();
    };
    auto room = room_now();
    while (room < std::min(seen / 2, largest_booty - 1) && make_room(own))
        room = room_now();
    queue_entry* first = nullptr;
    std::size_t others = 0;
    // See take_all.
    robberies_begun_.fetch_add(1, std::memory_order_acq_rel);
    {
        std::lock_guard const guard(victim.lock);
        auto const n = std::min({(victim.submitted.size() + 1) / 2, largest_booty, room + 1});
        if (n != 0) {
            first = victim.submitted.pop_oldest();
            others = n - 1;
        }
        // The thief takes its newest, and so begins with the oldest.
        for (auto i = others; i != 0; --i)
            own.submitted.put_ahead(i - 1, *victim.submitted.pop_oldest());
        resized(victim);
    }
    if (others != 0) {
        enter(own, one_unfenced);
        own_guard const guard(own.lock);
        own.submitted.add_put(others);
        resized(own);
    }
    robberies_over_.fetch_add(1, std::memory_order_release);
    return first;
}

// Again if a thief went meanwhile from a queue that comes late to one that came early. Acquire:
// what a thief that is through has put is seen; the lock of its victim shows one that has begun.
template <class Atomics>
void basic_ready_queues<Atomics>::take_all(bool calls_only, entry_list& into) noexcept
{
    std::uint64_t begun = 0;
    do {
        begun = robberies_begun_.load(std::memory_order_acquire);
        for (typename Atomics::backoff pause;
             robberies_over_.load(std::memory_order_acquire) < begun;)
            pause();
        take_all_once(calls_only, into);
    } while (robberies_begun_.load(std::memory_order_acquire) != begun);
}

// The locks of those from outside are held all the while: what comes back among them from a batch
// is missed by nobody who looks.
template <class Atomics>
void basic_ready_queues<Atomics>::take_all_once(bool calls_only, entry_list& into) noexcept
{
    std::lock_guard const guard(out_.lock);
    std::lock_guard const in_guard(in_.lock);
    entry_list kept;
    auto const sort = [&](queue_entry& entry) {
        (calls_only && !entry.is_call() ? kept : into).push_back(entry);
    };
    for_each([&](local_queue& q) {
        while (auto* const entry = q.batch.steal())
            sort(*entry);
    });
    for (auto* const half : {&out_, &in_})
        while (!half->entries.empty())
            sort(next_of(half->entries));
    std::size_t left = 0;
    for (; !kept.empty(); ++left)
        out_.entries.push_back(next_of(kept));
    out_.size.store(left, std::memory_order_relaxed);
    in_.size.store(0, std::memory_order_relaxed);
    for_each([&](local_queue& q) {
        std::lock_guard const own_guard(q.lock);
        while (!q.submitted.empty())
            into.push_back(*q.submitted.pop_oldest());
        resized(q);
    });
}

// For entries from outside by the locks: a producer that was not here before us comes after, and
// sees what we wrote. For local ones by loaded_: who entered it after we read it, by a sequentially
// consistent read-modify-write, sees what we wrote before. With those who were in it for what their
// calls submit the fence joins us, for a batch its sequentially consistent store: we see what they
// have, or they see what we wrote.
template <class Atomics>
bool basic_ready_queues<Atomics>::empty() noexcept
{
    if (auto const loaded = loaded_.load(std::memory_order_seq_cst); loaded != 0) {
        if (loaded >= one_unfenced)
            fence_.heavy();
        if (!all_look_empty())
            return false;
    }
    std::lock_guard const guard(out_.lock);
    std::lock_guard const in_guard(in_.lock);
    return out_.entries.empty() && in_.entries.empty();
}

template <class Atomics>
std::size_t basic_ready_queues<Atomics>::size() noexcept
{
    std::size_t n = 0;
    for_each([&](local_queue& q) { n += q.size(); });
    std::lock_guard const guard(out_.lock);
    std::lock_guard const in_guard(in_.lock);
    return n + out_.size.load(std::memory_order_relaxed)
           + in_.size.load(std::memory_order_relaxed);
}

template class basic_ready_queues<std_atomics>;

}  // namespace cofu::detail
