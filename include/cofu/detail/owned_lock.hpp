// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A short lock that one thread, its owner, takes again and again and others now and then: for the
// owner it is two stores and a load. test/model/owned_lock.pml models it.

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/short_lock.hpp>

#include <boost/config.hpp>

#include <atomic>

namespace cofu::detail {

//            owner                          another
//            mine = true                    theirs.lock()
//            light fence                    heavy fence
//            theirs taken? give way         wait until mine is false
//
// The fences are one between them: the owner sees theirs taken, or the other sees mine. If both do,
// the owner gives way.
template <class Atomics>
class basic_owned_lock {
public:
    // By the owner. Acquire: what the last other holder did is seen.
    void lock_own() noexcept
    {
        mine_.store(true, std::memory_order_relaxed);
        fence_.light();
        if (theirs_.is_taken())
            give_way();
    }
    // False where another has it or wants it.
    bool try_lock_own() noexcept
    {
        mine_.store(true, std::memory_order_relaxed);
        fence_.light();
        if (!theirs_.is_taken())
            return true;
        mine_.store(false, std::memory_order_release);
        return false;
    }
    // Release, the last touch.
    void unlock_own() noexcept { mine_.store(false, std::memory_order_release); }

    // By anybody; also by the owner where it does not hold it.
    void lock() noexcept
    {
        theirs_.lock();
        fence_.heavy();
        // Acquire: what the owner did is seen. A `false` older than the fence can't be read.
        for (typename Atomics::backoff pause; mine_.load(std::memory_order_acquire);)
            pause();
    }
    void unlock() noexcept { theirs_.unlock(); }

private:
    // Release: who reads this `false` instead of that of the last unlocking sees what was done
    // before it.
    BOOST_NOINLINE void give_way() noexcept
    {
        typename Atomics::backoff pause;
        do {
            mine_.store(false, std::memory_order_release);
            while (theirs_.is_taken())
                pause();
            mine_.store(true, std::memory_order_relaxed);
            fence_.light();
        } while (theirs_.is_taken());
    }

    typename Atomics::template atomic<bool> mine_{false};
    typename Atomics::fence fence_;
    basic_short_lock<Atomics> theirs_;
};

using owned_lock = basic_owned_lock<std_atomics>;

// Holds it for its owner.
template <class Lock>
class own_guard {
public:
    explicit own_guard(Lock& lock) noexcept : lock_(lock) { lock_.lock_own(); }
    ~own_guard() { lock_.unlock_own(); }
    own_guard(own_guard const&) = delete;
    own_guard& operator=(own_guard const&) = delete;

private:
    Lock& lock_;
};

}  // namespace cofu::detail
