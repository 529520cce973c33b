// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What waits for a worker and in which order it is taken. Any thread, under short locks:
// doc/design/thread-pool.md draws them.

#include <cofu/config.hpp>
#include <cofu/detail/atomics.hpp>
#include <cofu/detail/entry_queue.hpp>
#include <cofu/detail/entry_ring.hpp>
#include <cofu/detail/kept_batch.hpp>
#include <cofu/detail/owned_lock.hpp>
#include <cofu/detail/queue_entry.hpp>
#include <cofu/detail/short_lock.hpp>

#include <boost/config.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>

namespace cofu::detail {

// So often a worker begins the oldest of what its calls submitted, and so often what came from
// outside.
inline constexpr unsigned fairness_period = 64;
// By how many later ones, for each worker, a call from outside may be overtaken.
inline constexpr std::size_t overtaking = 8;

// How a worker searches where it has nothing of its own.
enum class search {
    passing,   // leaves a crowded queue to others
    thorough,  // stays there for its turn
    last       // the same, and takes of others' submissions also where they are few
};

// What a worker has for itself: what its own calls submitted, and the batch that it took. Only that
// worker, its owner, adds to it; all take from it.
template <class Atomics>
struct alignas(64) basic_local_queue {
    template <class T>
    using atomic = typename Atomics::template atomic<T>;

    std::size_t size() const noexcept
    {
        return submissions.load(std::memory_order_relaxed) + batch.size();
    }
    // By the owner: runs change() while nobody can take the entry, if that is the newest of the
    // submissions. It is not waited for others: false, and nothing was done.
    template <class Change>
    bool change_newest(queue_entry const& entry, Change change) noexcept
    {
        if (!lock.try_lock_own())
            return false;
        bool const is_newest = !submitted.empty() && submitted.newest() == &entry;
        if (is_newest)
            change();
        lock.unlock_own();
        return is_newest;
    }

    basic_owned_lock<Atomics> lock;
    std::uint32_t number = 0;                  // in order of joining, from 0; set once
    std::uint64_t counted = 0;                 // what it adds to loaded_; the owner's
    unsigned starts = 0;                       // how often the owner began something; the owner's
    bool crowded = false;                      // its owner left what came from outside to others
    atomic<std::size_t> submissions{0};        // of the queue; written under the lock
    atomic<std::uint64_t> calls{0};            // ever pushed; written by the owner
    atomic<basic_local_queue*> next{nullptr};  // set once, when another worker joins
    entry_ring submitted;                      // calls; guarded by the lock
    basic_kept_batch<Atomics> batch;
};

template <class Atomics>
class basic_ready_queues {
    template <class T>
    using atomic = typename Atomics::template atomic<T>;

public:
    using local_queue = basic_local_queue<Atomics>;

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
        append(entry, is_call);
        return true;
    }
    // The same, but does not wait for others: false, and nothing was done.
    template <class Admit>
    bool try_push(queue_entry& entry, bool is_call, Admit&& admit) noexcept
    {
        if (!in_.lock.try_lock())
            return false;
        bool const can_add = admit();
        if (can_add)
            append(entry, is_call);
        in_.lock.unlock();
        return can_add;
    }

    // A call from a call on a worker: that worker takes the newest first, others the oldest. On its
    // thread, which then reads what who falls asleep has written: see empty(). Without memory for a
    // longer queue it goes among those from outside.
    template <class Admit>
    bool push_local(local_queue& own, queue_entry& entry, Admit&& admit) noexcept
    {
        do {
            enter(own, one_unfenced);
            own_guard const guard(own.lock);
            if (!admit([this] { return looks_empty(); }))
                return false;
            if (!own.submitted.is_full()) {
                add_submitted(own, entry);
                return true;
            }
        } while (make_room(own));
        return push(entry, true, admit);
    }

    // The same where it takes no more than a store: there is room, the lock is free, and others
    // know that the queue may hold something. False: it was not done, for whatever reason.
    template <class Admit>
    bool try_push_local(local_queue& own, queue_entry& entry, Admit admit) noexcept
    {
        if (own.counted < one_unfenced || !own.lock.try_lock_own())
            return false;
        bool const can_add = admit() && !own.submitted.is_full();
        if (can_add)
            add_submitted(own, entry);
        own.lock.unlock_own();
        return can_add;
    }

    // For the worker that owns the queue: the newest that its calls submitted, then the oldest of
    // its batch, then a new batch of the oldest from outside, then one of the oldest of another
    // worker. Every 64th time the oldest that its calls submitted comes first, and every 64th time
    // what came from outside, so nothing starves. Null: there was nothing at some moment, or, where
    // own.crowded says so, others take it.
    queue_entry* take(local_queue& own, search how = search::last) noexcept;
    // What take() gives where that is the newest that its calls submitted, or the next of its
    // batch; else null.
    queue_entry* take_own(local_queue& own) noexcept
    {
        if ((own.starts + 1) % (fairness_period / 2) == 0)
            return nullptr;
        auto* const newest = take_submitted(own, false);
        auto* const entry = newest ? newest : own.batch.pop();
        if (entry)
            ++own.starts;
        return entry;
    }

    // Everything, or the calls only, in order.
    void take_all(bool calls_only, entry_list& into) noexcept;

    // Exact. What was pushed, or left in a batch, before the caller's last sequentially consistent
    // read-modify-write is seen, or else who pushed or took it sees what that one wrote.
    bool empty() noexcept;
    // Between a local push and that reading.
    typename Atomics::fence const& fence() const noexcept { return fence_; }
    // A guess.
    bool looks_empty() const noexcept
    {
        return nothing_injected() && all_look_empty();
    }
    // A guess of the owner: whether there is nothing for it but what others have for themselves.
    bool looks_empty_for(local_queue const& own) const noexcept
    {
        return own.submissions.load(std::memory_order_relaxed) == 0 && own.batch.is_through()
               && nothing_injected();
    }
    // A guess: how many came from outside since all before them were taken; 0 while some of those
    // are left.
    std::size_t fresh() const noexcept
    {
        return out_.size.load(std::memory_order_relaxed) != 0
                   ? 0
                   : in_.size.load(std::memory_order_relaxed);
    }
    std::size_t size() noexcept;
    // Calls ever pushed from outside.
    std::uint64_t calls_from_outside() const noexcept
    {
        return in_.calls.load(std::memory_order_relaxed);
    }

private:
    struct alignas(64) half {
        basic_short_lock<Atomics> lock;
        entry_queue entries;             // guarded by the lock
        atomic<std::size_t> size{0};     // written under the lock; else a guess, see empty()
        atomic<std::uint64_t> calls{0};  // ever pushed; written under the lock
    };

    // Whose batches may hold what is overtaken: under the lock of the half where workers take. The
    // workers that joined first have batches, others take one by one.
    struct batch_ages {
        static constexpr std::size_t most = 32;

        atomic<std::uint32_t> handed_out{0};   // entries, ever; also read without the lock
        std::array<std::uint32_t, most> at{};  // what that was after each one's batch; 0: none
    };

    // A guess.
    bool nothing_injected() const noexcept
    {
        return out_.size.load(std::memory_order_relaxed) == 0
               && in_.size.load(std::memory_order_relaxed) == 0;
    }
    // By one thread at a time.
    template <class Counter>
    static void count(Counter& n) noexcept
    {
        n.store(n.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    // By the owner: nobody else adds to it, so what looks empty is.
    static queue_entry* take_submitted(local_queue& own, bool oldest) noexcept
    {
        if (own.submissions.load(std::memory_order_relaxed) == 0)
            return nullptr;
        own_guard const guard(own.lock);
        if (own.submitted.empty())
            return nullptr;
        auto* const entry = oldest ? own.submitted.pop_oldest() : own.submitted.pop_newest();
        resized(own);
        return entry;
    }
    // Under the lock of in_.
    void append(queue_entry& entry, bool is_call) noexcept
    {
        if (is_call)
            count(in_.calls);
        in_.entries.push_back(entry);
        count(in_.size);
    }
    // Under the queue's lock.
    static void add_submitted(local_queue& own, queue_entry& entry) noexcept
    {
        own.submitted.push(entry);
        resized(own);
        count(own.calls);
    }
    static void resized(local_queue& queue) noexcept
    {
        queue.submissions.store(queue.submitted.size(), std::memory_order_relaxed);
    }

    // By the owner, before it adds something: one_fenced for a batch, one_unfenced for what its
    // calls submit. Sequentially consistent: see empty().
    void enter(local_queue& own, std::uint64_t as) noexcept
    {
        if (own.counted < as)
            enter_first(own, as);
    }
    BOOST_NOINLINE void enter_first(local_queue& own, std::uint64_t as) noexcept
    {
        loaded_.fetch_add(as - own.counted, std::memory_order_seq_cst);
        own.counted = as;
    }
    void leave(local_queue& own) noexcept;
    BOOST_NOINLINE bool make_room(local_queue& own) noexcept;
    void take_all_once(bool calls_only, entry_list& into) noexcept;
    bool all_look_empty() const noexcept;
    template <class Action>
    void for_each(Action action) const noexcept;

    queue_entry* choose(local_queue& own, search how) noexcept;
    queue_entry* take_injected(local_queue& own, search how) noexcept;
    BOOST_NOINLINE bool stand_back(local_queue& own, search how) noexcept;
    queue_entry* steal(local_queue& own, search how) noexcept;
    queue_entry* rob(local_queue& victim, local_queue& own) noexcept;
    local_queue* find_late() noexcept;
    queue_entry* hand_out(local_queue& own) noexcept;

    half in_;   // where producers append
    half out_;  // where workers take; refilled with all that is in the other half
    batch_ages ages_;
    // Local queues that may hold something: batches only, or also what calls submitted.
    static constexpr std::uint64_t one_fenced = 1;
    static constexpr std::uint64_t one_unfenced = std::uint64_t{1} << 32;
    alignas(64) atomic<std::uint64_t> loaded_{0};
    // Of thieves that take what calls submitted: between the two they carry it, and it is nowhere.
    atomic<std::uint64_t> robberies_begun_{0};
    atomic<std::uint64_t> robberies_over_{0};
    atomic<local_queue*> first_{nullptr};
    atomic<std::size_t> joined_{0};  // local queues; an old number only makes a batch larger
    local_queue* last_ = nullptr;    // touched by add()
    typename Atomics::fence fence_;
};

extern template class COFU_DECL basic_ready_queues<std_atomics>;

using local_queue = basic_local_queue<std_atomics>;
using ready_queues = basic_ready_queues<std_atomics>;

}  // namespace cofu::detail
