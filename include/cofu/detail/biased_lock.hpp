// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A short lock that is an owned_lock for the first thread that claims it, until another thread
// takes it; from then on it is a short lock for all. So the others pay for one heavy fence at most.

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/short_lock.hpp>

#include <boost/config.hpp>

#include <atomic>

namespace cofu::detail {

// Threads are told apart by the address of something that each has. As for owned_lock, with one
// difference: who takes it as another says, before it is free again, that all are others now.
template <class Atomics>
class basic_biased_lock {
public:
    using thread = void const*;

    class guard {
    public:
        guard(basic_biased_lock& lock, thread me) noexcept : lock_(lock), is_own_(lock.lock(me)) {}
        ~guard()
        {
            if (is_own_)
                lock_.unlock_own();
            else
                lock_.theirs_.unlock();
        }
        guard(guard const&) = delete;
        guard& operator=(guard const&) = delete;

    private:
        basic_biased_lock& lock_;
        bool const is_own_;
    };

    bool is_owned_by(thread me) const noexcept
    {
        return owner_.load(std::memory_order_relaxed) == me;
    }

    // By its owner, if nobody else has it; without a read-modify-write. Acquire: what the last
    // holder did is seen.
    bool try_lock_own(thread me) noexcept
    {
        if (!is_owned_by(me))
            return false;
        mine_.store(true, std::memory_order_relaxed);
        fence_.light();
        if (!theirs_.is_taken() && is_owned_by(me))
            return true;
        unlock_own();
        return false;
    }
    void unlock_own() noexcept { mine_.store(false, std::memory_order_release); }

    // Without effect if somebody did so before.
    void claim(thread me) noexcept
    {
        if (owner_.load(std::memory_order_relaxed))
            return;
        theirs_.lock();
        if (!owner_.load(std::memory_order_relaxed))
            owner_.store(me, std::memory_order_relaxed);
        theirs_.unlock();
    }

private:
    static constexpr char all = 0;

    // True: as its owner.
    bool lock(thread me) noexcept
    {
        if (try_lock_own(me))
            return true;
        lock_as_other(me);
        return false;
    }

    BOOST_NOINLINE void lock_as_other(thread me) noexcept
    {
        theirs_.lock();
        if (auto const owner = owner_.load(std::memory_order_relaxed);
            owner && owner != me && owner != &all)
            take_from_owner();
    }

    void take_from_owner() noexcept
    {
        fence_.heavy();
        for (typename Atomics::backoff pause; mine_.load(std::memory_order_acquire);)
            pause();
        owner_.store(&all, std::memory_order_relaxed);
    }

    typename Atomics::template atomic<thread> owner_{nullptr};  // changed with `theirs`
    typename Atomics::template atomic<bool> mine_{false};
    typename Atomics::fence fence_;
    basic_short_lock<Atomics> theirs_;
};

using biased_lock = basic_biased_lock<std_atomics>;

}  // namespace cofu::detail
