// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/ready_queues.hpp>

namespace cofu::detail {

namespace {

constexpr unsigned fairness_period = 64;

}  // namespace

// Release: a thief that finds the queue sees it made.
void ready_queues::add(local_queue& queue) noexcept
{
    (last_ ? last_->next : first_).store(&queue, std::memory_order_release);
    last_ = &queue;
}

queue_entry* ready_queues::pop_injected() noexcept
{
    if (out_.size.load(std::memory_order_relaxed) == 0
        && in_.size.load(std::memory_order_relaxed) == 0)
        return nullptr;
    std::lock_guard const guard(out_.lock);
    auto& out = out_.entries;
    if (out.empty()) {
        std::lock_guard const in_guard(in_.lock);
        out.swap(in_.entries);
        in_.size.store(0, std::memory_order_relaxed);
    }
    if (out.empty())
        return nullptr;
    auto& entry = out.front();
    out.pop_front();
    out_.size.store(out.size(), std::memory_order_relaxed);
    return &entry;
}

queue_entry* ready_queues::pop_oldest(local_queue& queue) noexcept
{
    std::lock_guard const guard(queue.lock);
    if (queue.entries.empty())
        return nullptr;
    auto& entry = queue.entries.front();
    queue.entries.pop_front();
    resized(queue);
    return &entry;
}

queue_entry* ready_queues::pop_newest(local_queue& own) noexcept
{
    std::lock_guard const guard(own.lock);
    if (own.entries.empty())
        return nullptr;
    auto& entry = own.entries.back();
    own.entries.pop_back();
    resized(own);
    return &entry;
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
            if (auto* const entry = pop_oldest(*q))
                return entry;
    return nullptr;
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
    bool const has_own = own.size.load(std::memory_order_relaxed) != 0;
    if (turn == 0 && has_own)
        if (auto* const entry = pop_oldest(own))
            return entry;
    if (turn == fairness_period / 2)
        if (auto* const entry = pop_injected())
            return entry;
    if (has_own)
        if (auto* const entry = pop_newest(own))
            return entry;
    if (auto* const entry = pop_injected())
        return entry;
    return steal(own);
}

void ready_queues::take_all(bool calls_only, entry_list& into) noexcept
{
    auto const drain = [&](entry_list& from) {
        for (auto i = from.begin(); i != from.end();) {
            auto& entry = *i++;
            if (calls_only && !entry.is_call())
                continue;
            from.erase(from.iterator_to(entry));
            into.push_back(entry);
        }
    };
    {
        std::lock_guard const guard(out_.lock);
        std::lock_guard const in_guard(in_.lock);
        drain(out_.entries);
        drain(in_.entries);
        out_.size.store(out_.entries.size(), std::memory_order_relaxed);
        in_.size.store(in_.entries.size(), std::memory_order_relaxed);
    }
    for (auto* q = first_.load(std::memory_order_acquire); q;
         q = q->next.load(std::memory_order_acquire)) {
        std::lock_guard const guard(q->lock);
        if (!q->entries.empty()) {
            drain(q->entries);
            resized(*q);
        }
    }
}

// For entries from outside by the locks: a producer that was not here before us comes after, and
// sees what we wrote. For local ones by the order of loaded_ and the word that we wrote: both are
// sequentially consistent on both sides.
bool ready_queues::empty() noexcept
{
    if (loaded_.load(std::memory_order_seq_cst) != 0)
        return false;
    std::lock_guard const guard(out_.lock);
    std::lock_guard const in_guard(in_.lock);
    return out_.entries.empty() && in_.entries.empty();
}

std::size_t ready_queues::size() noexcept
{
    std::size_t n = 0;
    for (auto* q = first_.load(std::memory_order_acquire); q;
         q = q->next.load(std::memory_order_acquire)) {
        std::lock_guard const guard(q->lock);
        n += q->entries.size();
    }
    std::lock_guard const guard(out_.lock);
    std::lock_guard const in_guard(in_.lock);
    return n + out_.entries.size() + in_.entries.size();
}

}  // namespace cofu::detail
