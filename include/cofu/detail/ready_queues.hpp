// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What waits for a worker and in which order it is taken. No lock, no thread: the pool guards it.

#include <cofu/config.hpp>
#include <cofu/detail/queue_entry.hpp>

#include <cstddef>
#include <span>

namespace cofu::detail {

// What a worker's own calls submitted, and how often the worker began something.
struct local_queue {
    entry_list entries;
    unsigned starts = 0;
};

class COFU_DECL ready_queues {
public:
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    // From outside: taken in this order.
    void push(queue_entry& entry) noexcept;
    // From a call on a worker: that worker takes the newest first, others the oldest.
    void push_local(local_queue& queue, queue_entry& entry) noexcept;

    // For the worker that owns `all[self]`: its newest, then the oldest from outside, then the
    // oldest of another worker. Every 64th time its own oldest comes first, and every 64th time what
    // came from outside, so nothing starves. Null: there is nothing.
    queue_entry* take(std::span<local_queue* const> all, std::size_t self) noexcept;

    // Everything, or the calls only, in order.
    void take_all(std::span<local_queue* const> all, bool calls_only, entry_list& into) noexcept;

private:
    queue_entry& pop_front(entry_list& list) noexcept;
    queue_entry& pop_back(entry_list& list) noexcept;

    entry_list injection_;
    std::size_t size_ = 0;
};

}  // namespace cofu::detail
