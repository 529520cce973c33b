// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How many workers look for work and how many sleep, in one word, and the tokens that wake them.
// Sleepers are a number: who takes a place among them back, or a token, need not be the one who put
// it there. test/model/sleep.pml models it.

#include "../posix/futex.hpp"

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/deadline.hpp>
#include <cofu/detail/worker_stay.hpp>

#include <atomic>
#include <cstdint>

namespace cofu::detail {

template <class Atomics>
class basic_idle_workers {
    using word = std::uint64_t;
    using futex_word = typename Atomics::template atomic<std::uint32_t>;
    static constexpr word one_looking = 1;
    static constexpr word more = another_worker;
    static constexpr word one_sleeping = word{1} << 32;

public:
    struct counts {
        std::uint32_t looking;   // look for work, or leave a call and will look; woken ones too
        std::uint32_t sleeping;  // and not chosen to wake
        bool more;               // others may be made: a hint

        // Whether somebody would be woken or made for what waits.
        bool need_another() const noexcept { return sleeping != 0 ? looking == 0 : more; }
    };

    // Sequentially consistent, all of them: who pushes and then reads this word, and who writes it
    // and then looks at the queues, can't miss each other (ready_queues::empty).
    counts load() const noexcept { return split(word_.load(std::memory_order_seq_cst)); }
    counts guess() const noexcept { return split(word_.load(std::memory_order_relaxed)); }

    void look() noexcept { word_.fetch_add(one_looking, std::memory_order_seq_cst); }
    counts stop_looking() noexcept
    {
        return split(word_.fetch_sub(one_looking, std::memory_order_seq_cst) - one_looking);
    }

    // The caller looks at the queues once more afterwards, then wakes itself or waits for a token.
    counts fall_asleep(bool was_looking) noexcept
    {
        auto const change = one_sleeping - (was_looking ? one_looking : 0);
        return split(word_.fetch_add(change, std::memory_order_seq_cst) + change);
    }
    // Others may be made, or not.
    void set_more(bool on) noexcept
    {
        if (on)
            word_.fetch_or(more, std::memory_order_relaxed);
        else
            word_.fetch_and(~more, std::memory_order_relaxed);
    }
    typename Atomics::template atomic<word> const& counted() const noexcept { return word_; }

    // Takes a place among the sleepers back. False: all are chosen, a token is here or comes.
    bool wake_self(bool to_look) noexcept
    {
        auto w = word_.load(std::memory_order_relaxed);
        while (split(w).sleeping != 0)
            if (word_.compare_exchange_weak(w, w - one_sleeping + (to_look ? one_looking : 0),
                                            std::memory_order_seq_cst, std::memory_order_relaxed))
                return true;
        return false;
    }
    // Takes a token: the caller was chosen and counts as looking. False: the time is over.
    bool wait(deadline const& limit) noexcept
    {
        for (;;) {
            auto n = tokens_.load(std::memory_order_relaxed);
            // Acquire: what the one who chose did before is seen.
            while (n != 0)
                if (tokens_.compare_exchange_weak(n, n - 1, std::memory_order_acquire,
                                                  std::memory_order_relaxed))
                    return true;
            if (limit && *limit <= std::chrono::steady_clock::now())
                return false;
            futex_wait(tokens_, 0, limit);
        }
    }

    // Chooses a sleeper unless somebody looks already. True: the caller calls futex_wake(tokens(),
    // 1) when it holds no lock; the pool may be gone by then.
    bool choose_one() noexcept
    {
        auto w = word_.load(std::memory_order_seq_cst);
        while (split(w).sleeping != 0 && split(w).looking == 0)
            if (word_.compare_exchange_weak(w, w - one_sleeping + one_looking,
                                            std::memory_order_seq_cst)) {
                tokens_.fetch_add(1, std::memory_order_release);
                return true;
            }
        return false;
    }
    // Chooses all and wakes them.
    void wake_all() noexcept
    {
        auto w = word_.load(std::memory_order_seq_cst);
        while (!word_.compare_exchange_weak(w, w + split(w).sleeping - (w & ~(one_sleeping - 1)),
                                            std::memory_order_seq_cst)) {
        }
        if (auto const n = split(w).sleeping) {
            tokens_.fetch_add(n, std::memory_order_release);
            futex_wake(&tokens_, n);
        }
    }
    futex_word const* tokens() const noexcept { return &tokens_; }

private:
    static constexpr word looking_mask = more - 1;

    static constexpr counts split(word w) noexcept
    {
        return {static_cast<std::uint32_t>(w & looking_mask), static_cast<std::uint32_t>(w >> 32),
                (w & more) != 0};
    }

    alignas(64) typename Atomics::template atomic<word> word_{0};
    alignas(64) futex_word tokens_{0};
};

using idle_workers = basic_idle_workers<std_atomics>;

}  // namespace cofu::detail
