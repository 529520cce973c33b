// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What waits for a worker and in which order it is taken. Any thread, under short locks:
// doc/design/thread-pool.md draws them.

#include <cofu/config.hpp>
#include <cofu/detail/queue_entry.hpp>
#include <cofu/detail/short_lock.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace cofu::detail {

// What a worker's own calls submitted, and how often the worker began something. Only that worker
// adds to it; all take from it.
struct alignas(64) local_queue {
    short_lock lock;
    entry_list entries;                         // guarded by the lock
    std::atomic<std::size_t> size{0};           // written under the lock
    std::atomic<std::uint64_t> calls{0};        // ever pushed; written under the lock
    unsigned starts = 0;                        // the owner's
    std::atomic<local_queue*> next{nullptr};    // set once, when another worker joins
};

class COFU_DECL ready_queues {
public:
    // A worker joins, for good. One caller at a time.
    void add(local_queue& queue) noexcept;

    // From outside: taken in this order. `admit(nothing_waits)` is asked under the lock, before
    // anybody can take the entry: false refuses it.
    template <class Admit>
    bool push(queue_entry& entry, bool is_call, Admit&& admit) noexcept
    {
        std::lock_guard const guard(in_.lock);
        if (!admit(in_.entries.empty() && out_.size.load(std::memory_order_relaxed) == 0))
            return false;
        if (is_call)
            count(in_.calls);
        in_.entries.push_back(entry);
        in_.size.store(in_.entries.size(), std::memory_order_relaxed);
        return true;
    }

    // A call from a call on a worker: that worker takes the newest first, others the oldest. On its thread.
    template <class Admit>
    bool push_local(local_queue& own, queue_entry& entry, Admit&& admit) noexcept
    {
        std::lock_guard const guard(own.lock);
        if (!admit(own.entries.empty() && looks_empty()))
            return false;
        count(own.calls);
        own.entries.push_back(entry);
        resized(own);
        return true;
    }

    // For the worker that owns the queue: its newest, then the oldest from outside, then the oldest
    // of another worker. Every 64th time its own oldest comes first, and every 64th time what came
    // from outside, so nothing starves. Null: there was nothing at some moment.
    queue_entry* take(local_queue& own) noexcept;

    // Everything, or the calls only, in order.
    void take_all(bool calls_only, entry_list& into) noexcept;

    // Exact. What was pushed before the caller's last sequentially consistent read-modify-write is
    // seen, or else who pushed it sees what that one wrote.
    bool empty() noexcept;
    // A guess.
    bool looks_empty() const noexcept
    {
        return in_.size.load(std::memory_order_relaxed) == 0
               && out_.size.load(std::memory_order_relaxed) == 0
               && loaded_.load(std::memory_order_relaxed) == 0;
    }
    std::size_t size() noexcept;
    // Calls ever pushed from outside.
    std::uint64_t calls_from_outside() const noexcept
    {
        return in_.calls.load(std::memory_order_relaxed);
    }

private:
    struct alignas(64) half {
        short_lock lock;
        entry_list entries;                // guarded by the lock
        std::atomic<std::size_t> size{0};  // written under the lock
        std::atomic<std::uint64_t> calls{0};  // ever pushed; written under the lock
    };

    // Called under the lock that guards the counter.
    static void count(std::atomic<std::uint64_t>& calls) noexcept
    {
        calls.store(calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    // Called under the queue's lock. Sequentially consistent where it begins or ceases to hold
    // something: see empty().
    void resized(local_queue& queue) noexcept
    {
        auto const before = queue.size.load(std::memory_order_relaxed);
        auto const now = queue.entries.size();
        queue.size.store(now, std::memory_order_relaxed);
        if (before == 0)
            loaded_.fetch_add(1, std::memory_order_seq_cst);
        else if (now == 0)
            loaded_.fetch_sub(1, std::memory_order_seq_cst);
    }

    queue_entry* choose(local_queue& own) noexcept;
    queue_entry* pop_injected() noexcept;
    queue_entry* pop_oldest(local_queue& queue) noexcept;
    queue_entry* pop_newest(local_queue& own) noexcept;
    queue_entry* steal(local_queue& own) noexcept;

    half in_;   // where producers append
    half out_;  // where workers take; refilled with all that is in the other half
    alignas(64) std::atomic<std::size_t> loaded_{0};  // local queues that hold something
    std::atomic<local_queue*> first_{nullptr};
    local_queue* last_ = nullptr;  // touched by add()
};

}  // namespace cofu::detail
