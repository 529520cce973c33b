// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/ready_queues.hpp>

namespace cofu::detail {

namespace {

constexpr unsigned fairness_period = 64;

}  // namespace

void ready_queues::push(queue_entry& entry) noexcept
{
    injection_.push_back(entry);
    ++size_;
}

void ready_queues::push_local(local_queue& queue, queue_entry& entry) noexcept
{
    queue.entries.push_back(entry);
    ++size_;
}

queue_entry& ready_queues::pop_front(entry_list& list) noexcept
{
    auto& entry = list.front();
    list.pop_front();
    --size_;
    return entry;
}

queue_entry& ready_queues::pop_back(entry_list& list) noexcept
{
    auto& entry = list.back();
    list.pop_back();
    --size_;
    return entry;
}

queue_entry* ready_queues::take(std::span<local_queue* const> all, std::size_t self) noexcept
{
    if (size_ == 0)
        return nullptr;
    auto& own = *all[self];
    auto const turn = ++own.starts % fairness_period;
    if (turn == 0 && !own.entries.empty())
        return &pop_front(own.entries);
    if (turn == fairness_period / 2 && !injection_.empty())
        return &pop_front(injection_);
    if (!own.entries.empty())
        return &pop_back(own.entries);
    if (!injection_.empty())
        return &pop_front(injection_);
    for (std::size_t i = 1; i < all.size(); ++i) {
        auto& other = *all[(self + i) % all.size()];
        if (!other.entries.empty())
            return &pop_front(other.entries);
    }
    return nullptr;
}

void ready_queues::take_all(std::span<local_queue* const> all, bool calls_only,
                            entry_list& into) noexcept
{
    auto const drain = [&](entry_list& from) {
        for (auto i = from.begin(); i != from.end();) {
            auto& entry = *i++;
            if (calls_only && !entry.is_call())
                continue;
            from.erase(from.iterator_to(entry));
            --size_;
            into.push_back(entry);
        }
    };
    drain(injection_);
    for (auto* queue : all)
        drain(queue->entries);
}

}  // namespace cofu::detail
