// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A lock that is held for some twenty instructions and never across a system call.

#include <cofu/detail/atomics.hpp>

#include <atomic>

namespace cofu::detail {

template <class Atomics>
class basic_short_lock {
public:
    // Acquire: what the last holder did is seen.
    void lock() noexcept
    {
        if (taken_.exchange(true, std::memory_order_acquire))
            wait();
    }
    bool try_lock() noexcept { return !taken_.exchange(true, std::memory_order_acquire); }
    // Waits for a moment at most: what a holder takes whose lines are near.
    bool try_lock_soon() noexcept
    {
        for (int left = 4; left != 0; --left) {
            Atomics::backoff::linger(2);
            if (!taken_.load(std::memory_order_relaxed) && try_lock())
                return true;
        }
        return false;
    }
    // Release; the last touch, so the lock may be gone as soon as another holder knows that it may.
    void unlock() noexcept { taken_.store(false, std::memory_order_release); }
    // Acquire: if not, what the last holder did is seen.
    bool is_taken() const noexcept { return taken_.load(std::memory_order_acquire); }

private:
    void wait() noexcept
    {
        typename Atomics::backoff pause;
        do {
            while (taken_.load(std::memory_order_relaxed))
                pause();
        } while (taken_.exchange(true, std::memory_order_acquire));
    }

    typename Atomics::template atomic<bool> taken_{false};
};

using short_lock = basic_short_lock<std_atomics>;

}  // namespace cofu::detail
