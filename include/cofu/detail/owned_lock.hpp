// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A short lock that one thread, its owner, takes again and again and others now and then: for the
// owner it is two stores and a load. test/model/owned_lock.pml models it.

#include <cofu/config.hpp>
#include <cofu/detail/asymmetric_fence.hpp>
#include <cofu/detail/short_lock.hpp>

#include <atomic>

namespace cofu::detail {

//            owner                          another
//            mine = true                    theirs.lock()
//            light fence                    heavy fence
//            theirs taken? give way         wait until mine is false
//
// The fences are one between them: the owner sees theirs taken, or the other sees mine. If both do,
// the owner gives way.
class COFU_DECL owned_lock {
public:
    // By the owner. Acquire: what the last other holder did is seen.
    void lock_own() noexcept
    {
        mine_.store(true, std::memory_order_relaxed);
        fence_.light();
        if (theirs_.is_taken())
            give_way();
    }
    // Release, the last touch.
    void unlock_own() noexcept { mine_.store(false, std::memory_order_release); }

    // By anybody; also by the owner where it does not hold it.
    void lock() noexcept
    {
        theirs_.lock();
        fence_.heavy();
        // Acquire: what the owner did is seen. A `false` older than the fence can't be read.
        for (backoff pause; mine_.load(std::memory_order_acquire);)
            pause();
    }
    void unlock() noexcept { theirs_.unlock(); }

private:
    void give_way() noexcept;

    std::atomic<bool> mine_{false};
    asymmetric_fence fence_;
    short_lock theirs_;
};

// Holds it for its owner.
class own_guard {
public:
    explicit own_guard(owned_lock& lock) noexcept : lock_(lock) { lock_.lock_own(); }
    ~own_guard() { lock_.unlock_own(); }
    own_guard(own_guard const&) = delete;
    own_guard& operator=(own_guard const&) = delete;

private:
    owned_lock& lock_;
};

}  // namespace cofu::detail
