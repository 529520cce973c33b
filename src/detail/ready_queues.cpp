// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/ready_queues.hpp>

#include <algorithm>

namespace cofu::detail {

namespace {

constexpr unsigned fairness_period = 64;

// A worker touches the entry that it takes next.
void prefetch(queue_entry const* entry) noexcept
{
#if defined(__GNUC__)
    __builtin_prefetch(entry, 1);
#else
    static_cast<void>(entry);
#endif
}

}  // namespace

// Release: a thief that finds the queue sees it made.
void ready_queues::add(local_queue& queue) noexcept
{
    auto const before = joined_.load(std::memory_order_relaxed);
    queue.number = static_cast<std::uint32_t>(before);
    (last_ ? last_->next : first_).store(&queue, std::memory_order_release);
    last_ = &queue;
    joined_.store(before + 1, std::memory_order_relaxed);
}

// By the owner of an empty queue: from now on its next addition is told to those who look.
void ready_queues::leave(local_queue& own) noexcept
{
    if (!own.counted)
        return;
    own.counted = false;
    loaded_.fetch_sub(1, std::memory_order_seq_cst);
    if (own.submitted.is_roomy()) {
        std::unique_ptr<queue_entry*[]> room;
        own_guard const guard(own.lock);
        room = own.submitted.give_up_room();
    }
}

bool ready_queues::make_room(local_queue& own) noexcept
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

bool ready_queues::all_look_empty() const noexcept
{
    if (loaded_.load(std::memory_order_relaxed) == 0)
        return true;
    for (auto* q = first_.load(std::memory_order_acquire); q;
         q = q->next.load(std::memory_order_acquire))
        if (q->size.load(std::memory_order_relaxed) != 0)
            return false;
    return true;
}

queue_entry* ready_queues::take(local_queue& own) noexcept
{
    auto* const entry = choose(own);
    if (entry)
        ++own.starts;
    return entry;
}

queue_entry* ready_queues::choose(local_queue& own) noexcept
{
    auto const turn = (own.starts + 1) % fairness_period;
    // Nobody else adds to it: what looks empty is.
    if (own.size.load(std::memory_order_relaxed) != 0)
        if (auto* const entry = take_own(own, turn))
            return entry;
    if (auto* const entry = take_injected(own))
        return entry;
    leave(own);
    return steal(own);
}

queue_entry* ready_queues::take_own(local_queue& own, unsigned turn) noexcept
{
    bool const outside_first = turn == fairness_period / 2;
    {
        own_guard const guard(own.lock);
        queue_entry* entry = nullptr;
        if (!own.batch.empty() && (outside_first || own.submitted.empty())) {
            entry = own.batch.pop();
            if (!own.batch.empty())
                prefetch(own.batch.front());
        } else if (!outside_first && !own.submitted.empty()) {
            entry = turn == 0 ? own.submitted.pop_oldest() : own.submitted.pop_newest();
        }
        if (entry) {
            resized(own);
            return entry;
        }
    }
    if (!outside_first)
        return nullptr;
    auto* const entry = take_injected(own);
    return entry ? entry : take_own(own, 1);
}

// The oldest from outside, which another worker may have in its batch.
queue_entry* ready_queues::take_injected(local_queue& own) noexcept
{
    while (out_.size.load(std::memory_order_relaxed) != 0
           || in_.size.load(std::memory_order_relaxed) != 0) {
        entry_batch taken;
        local_queue* late = nullptr;
        {
            std::lock_guard const guard(out_.lock);
            if (own.number < ages_.most)
                ages_.at[own.number] = 0;
            late = find_late();
            if (!late)
                hand_out(own, taken);
        }
        if (!late)
            return taken.empty() ? nullptr : keep_rest(own, taken);
        if (late->size.load(std::memory_order_relaxed) != 0)
            if (auto* const entry = take_from_batch(*late))
                return entry;
        // It is through with its batch.
        std::lock_guard const guard(out_.lock);
        ages_.at[late->number] = 0;
    }
    return nullptr;
}

// Under the lock of out_: who has a batch that one more batch might overtake by too many.
local_queue* ready_queues::find_late() noexcept
{
    auto const workers = joined_.load(std::memory_order_relaxed);
    auto const limit = static_cast<std::uint32_t>(overtaking * workers - largest_batch);
    auto const last = std::min(workers, ages_.most);
    for (std::size_t i = 0; i < last; ++i)
        if (ages_.at[i] != 0 && ages_.handed_out - ages_.at[i] > limit) {
            auto* q = first_.load(std::memory_order_acquire);
            while (q->number != i)
                q = q->next.load(std::memory_order_acquire);
            return q;
        }
    return nullptr;
}

// Under the lock of out_. Others come with the oldest into the batch, which is empty, if enough is
// left for all workers.
void ready_queues::hand_out(local_queue& own, entry_batch& taken) noexcept
{
    auto& out = out_.entries;
    if (out.empty()) {
        std::lock_guard const guard(in_.lock);
        out.swap(in_.entries);
        in_.size.store(0, std::memory_order_relaxed);
    }
    if (out.empty())
        return;
    bool const may_keep = own.number < ages_.most;
    auto const share = out.size() / joined_.load(std::memory_order_relaxed);
    auto const n = may_keep ? std::clamp<std::size_t>(share, 1, largest_batch) : 1;
    for (std::size_t i = 0; i < n; ++i) {
        taken.push(&out.front());
        out.pop_front();
    }
    out_.size.store(out.size(), std::memory_order_relaxed);
    ages_.handed_out += static_cast<std::uint32_t>(n);
    if (n > 1)
        ages_.at[own.number] = std::max(ages_.handed_out, std::uint32_t{1});
}

// The rest stands in the batch, for all to see.
queue_entry* ready_queues::keep_rest(local_queue& own, entry_batch& taken) noexcept
{
    auto* const first = taken.pop();
    if (taken.empty())
        return first;
    enter(own);
    prefetch(taken.front());
    {
        own_guard const guard(own.lock);
        while (!taken.empty())
            own.batch.push(taken.pop());
        resized(own);
    }
    return first;
}

queue_entry* ready_queues::steal(local_queue& own) noexcept
{
    if (loaded_.load(std::memory_order_relaxed) == 0)
        return nullptr;
    auto* const first = first_.load(std::memory_order_acquire);
    auto const after = [first](local_queue* q) {
        auto* const next = q->next.load(std::memory_order_acquire);
        return next ? next : first;
    };
    for (auto* q = after(&own); q != &own; q = after(q))
        if (q->size.load(std::memory_order_relaxed) != 0)
            if (auto* const entry = rob(*q, own))
                return entry;
    return nullptr;
}

queue_entry* ready_queues::take_from_batch(local_queue& victim) noexcept
{
    std::lock_guard const guard(victim.lock);
    if (victim.batch.empty())
        return nullptr;
    auto* const entry = victim.batch.pop();
    resized(victim);
    return entry;
}

// One of the other's batch, whose age is known as long as it stays there; or half of what its calls
// submitted: the oldest.
queue_entry* ready_queues::rob(local_queue& victim, local_queue& own) noexcept
{
    entry_batch taken;
    {
        std::lock_guard const guard(victim.lock);
        if (!victim.batch.empty()) {
            taken.push(victim.batch.pop());
        } else {
            auto n = std::min((victim.submitted.size() + 1) / 2, largest_batch);
            for (; n != 0; --n)
                taken.push(victim.submitted.pop_oldest());
        }
        resized(victim);
    }
    return taken.empty() ? nullptr : keep_rest(own, taken);
}

void ready_queues::take_all(bool calls_only, entry_list& into) noexcept
{
    auto const wanted = [&](queue_entry& entry) { return !calls_only || entry.is_call(); };
    auto const drain = [&](entry_list& from) {
        entry_list kept;
        while (!from.empty()) {
            auto& entry = from.front();
            from.pop_front();
            (wanted(entry) ? into : kept).push_back(entry);
        }
        from.swap(kept);
    };
    auto const for_each = [&](auto action) {
        for (auto* q = first_.load(std::memory_order_acquire); q;
             q = q->next.load(std::memory_order_acquire)) {
            std::lock_guard const guard(q->lock);
            action(*q);
            resized(*q);
        }
    };
    for_each([&](local_queue& q) {
        entry_batch kept;
        while (!q.batch.empty()) {
            auto* const entry = q.batch.pop();
            if (wanted(*entry))
                into.push_back(*entry);
            else
                kept.push(entry);
        }
        q.batch = kept;
    });
    {
        std::lock_guard const guard(out_.lock);
        std::lock_guard const in_guard(in_.lock);
        drain(out_.entries);
        drain(in_.entries);
        out_.size.store(out_.entries.size(), std::memory_order_relaxed);
        in_.size.store(in_.entries.size(), std::memory_order_relaxed);
    }
    for_each([&](local_queue& q) {
        for (auto n = q.submitted.size(); n != 0; --n) {
            auto& entry = *q.submitted.pop_oldest();
            if (wanted(entry))
                into.push_back(entry);
            else
                q.submitted.push(entry);
        }
    });
}

// For entries from outside by the locks: a producer that was not here before us comes after, and
// sees what we wrote. For local ones by loaded_: who entered it after we read it, by a sequentially
// consistent read-modify-write, sees what we wrote before. With those who were in it the fence
// joins us: we see what they have, or they see what we wrote.
bool ready_queues::empty() noexcept
{
    if (loaded_.load(std::memory_order_seq_cst) != 0) {
        fence_.heavy();
        if (!all_look_empty())
            return false;
    }
    std::lock_guard const guard(out_.lock);
    std::lock_guard const in_guard(in_.lock);
    return out_.entries.empty() && in_.entries.empty();
}

std::size_t ready_queues::size() noexcept
{
    std::size_t n = 0;
    for (auto* q = first_.load(std::memory_order_acquire); q;
         q = q->next.load(std::memory_order_acquire))
        n += q->size.load(std::memory_order_relaxed);
    std::lock_guard const guard(out_.lock);
    std::lock_guard const in_guard(in_.lock);
    return n + out_.entries.size() + in_.entries.size();
}

}  // namespace cofu::detail
