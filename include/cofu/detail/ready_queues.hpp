// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What waits for a worker and in which order it is taken. Any thread, under short locks:
// doc/design/thread-pool.md draws them.

#include <cofu/config.hpp>
#include <cofu/detail/asymmetric_fence.hpp>
#include <cofu/detail/entry_ring.hpp>
#include <cofu/detail/owned_lock.hpp>
#include <cofu/detail/queue_entry.hpp>
#include <cofu/detail/short_lock.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>

namespace cofu::detail {

// How many entries a worker takes from outside, or of what another worker's calls submitted, at a
// time.
inline constexpr std::size_t largest_batch = 4;
// By how many later ones, for each worker, a call from outside may be overtaken.
inline constexpr std::size_t overtaking = 8;

// Entries taken together: oldest first.
class entry_batch {
public:
    bool empty() const noexcept { return begin_ == end_; }
    std::size_t size() const noexcept { return end_ - begin_; }
    queue_entry* front() const noexcept { return entries_[begin_]; }

    // At most largest_batch since it was empty.
    void push(queue_entry* entry) noexcept
    {
        if (empty())
            begin_ = end_ = 0;
        entries_[end_++] = entry;
    }
    queue_entry* pop() noexcept { return entries_[begin_++]; }

private:
    std::array<queue_entry*, largest_batch> entries_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

// What a worker has for itself: what its own calls submitted, and the batch that it took. Only that
// worker, its owner, adds to it; all take from it.
struct alignas(64) local_queue {
    owned_lock lock;
    bool counted = false;      // in loaded_; the owner's
    std::uint32_t number = 0;  // in order of joining, from 0; set once
    unsigned starts = 0;   // how often the owner began something; the owner's
    std::atomic<std::size_t> size{0};     // of both together; written under the lock
    std::atomic<std::uint64_t> calls{0};  // ever pushed; written by the owner
    std::atomic<local_queue*> next{nullptr};  // set once, when another worker joins
    // Guarded by the lock.
    entry_ring submitted;
    entry_batch batch;
};

class COFU_DECL ready_queues {
public:
    // A worker joins, for good. One caller at a time.
    void add(local_queue& queue) noexcept;

    // From outside: taken in this order. `admit(nothing_waits)` is asked under the lock, before
    // anybody can take the entry, and may call its argument: false refuses the entry.
    template <class Admit>
    bool push(queue_entry& entry, bool is_call, Admit&& admit) noexcept
    {
        std::lock_guard const guard(in_.lock);
        if (!admit([this] { return in_.entries.empty() && looks_empty(); }))
            return false;
        if (is_call)
            count(in_.calls);
        in_.entries.push_back(entry);
        in_.size.store(in_.entries.size(), std::memory_order_relaxed);
        return true;
    }

    // A call from a call on a worker: that worker takes the newest first, others the oldest. On its
    // thread, which then reads what who falls asleep has written: see empty(). Without memory for a
    // longer queue it goes among those from outside.
    template <class Admit>
    bool push_local(local_queue& own, queue_entry& entry, Admit&& admit) noexcept
    {
        enter(own);
        {
            own_guard const guard(own.lock);
            if (!admit([this] { return looks_empty(); }))
                return false;
            if (!own.submitted.is_full()) {
                own.submitted.push(entry);
                resized(own);
                count(own.calls);
                return true;
            }
        }
        return make_room(own) ? push_local(own, entry, admit) : push(entry, true, admit);
    }

    // For the worker that owns the queue: the newest that its calls submitted, then the oldest of
    // its batch, then a new batch of the oldest from outside, then one of the oldest of another
    // worker. Every 64th time the oldest that its calls submitted comes first, and every 64th time
    // what came from outside, so nothing starves. Null: there was nothing at some moment.
    queue_entry* take(local_queue& own) noexcept;

    // Everything, or the calls only, in order.
    void take_all(bool calls_only, entry_list& into) noexcept;

    // Exact. What was pushed, or left in a batch, before the caller's last sequentially consistent
    // read-modify-write is seen, or else who pushed or took it sees what that one wrote.
    bool empty() noexcept;
    // Between the addition of something to a local queue and that reading.
    asymmetric_fence const& fence() const noexcept { return fence_; }
    // A guess.
    bool looks_empty() const noexcept
    {
        return out_.size.load(std::memory_order_relaxed) == 0
               && in_.size.load(std::memory_order_relaxed) == 0 && all_look_empty();
    }
    // A guess of the owner: whether there is nothing for it but what others have for themselves.
    bool looks_empty_for(local_queue const& own) const noexcept
    {
        return own.size.load(std::memory_order_relaxed) == 0
               && out_.size.load(std::memory_order_relaxed) == 0
               && in_.size.load(std::memory_order_relaxed) == 0;
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
        entry_list entries;                   // guarded by the lock
        std::atomic<std::size_t> size{0};     // written under the lock
        std::atomic<std::uint64_t> calls{0};  // ever pushed; written under the lock
    };

    // Whose batches may hold what is overtaken: under the lock of the half where workers take. The
    // workers that joined first have batches, others take one by one.
    struct batch_ages {
        static constexpr std::size_t most = 32;

        std::uint32_t handed_out = 0;         // entries, ever
        std::array<std::uint32_t, most> at{};  // what that was after each one's batch; 0: none
    };

    // By one thread at a time.
    static void count(std::atomic<std::uint64_t>& calls) noexcept
    {
        calls.store(calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    // Under the queue's lock.
    static void resized(local_queue& queue) noexcept
    {
        queue.size.store(queue.submitted.size() + queue.batch.size(), std::memory_order_relaxed);
    }

    // By the owner, before it adds something. Sequentially consistent: see empty().
    void enter(local_queue& own) noexcept
    {
        if (own.counted)
            return;
        own.counted = true;
        loaded_.fetch_add(1, std::memory_order_seq_cst);
    }
    void leave(local_queue& own) noexcept;
    bool make_room(local_queue& own) noexcept;
    bool all_look_empty() const noexcept;

    queue_entry* choose(local_queue& own) noexcept;
    queue_entry* take_own(local_queue& own, unsigned turn) noexcept;
    queue_entry* take_injected(local_queue& own) noexcept;
    queue_entry* steal(local_queue& own) noexcept;
    queue_entry* rob(local_queue& victim, local_queue& own) noexcept;
    queue_entry* take_from_batch(local_queue& victim) noexcept;
    local_queue* find_late() noexcept;
    void hand_out(local_queue& own, entry_batch& taken) noexcept;
    queue_entry* keep_rest(local_queue& own, entry_batch& taken) noexcept;

    half in_;   // where producers append
    half out_;  // where workers take; refilled with all that is in the other half
    batch_ages ages_;
    // Local queues that may hold something.
    alignas(64) std::atomic<std::size_t> loaded_{0};
    std::atomic<local_queue*> first_{nullptr};
    std::atomic<std::size_t> joined_{0};  // local queues
    local_queue* last_ = nullptr;         // touched by add()
    asymmetric_fence fence_;
};

}  // namespace cofu::detail
