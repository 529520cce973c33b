// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Blocking waits. One that can be interrupted uses Boost.Thread's mutex and condition variable,
// whose waits are interruption points; any other a futex, which is cheaper to wake: the woken
// thread meets no mutex of the one that woke it.

#define BOOST_CHRONO_HEADER_ONLY

#include <boost/thread/condition_variable.hpp>
#include <boost/thread/lock_guard.hpp>
#include <boost/thread/mutex.hpp>
#include <boost/thread/pthread/thread_data.hpp>

#include "../posix/futex.hpp"
#include "yield_until.hpp"

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/deadline.hpp>

#include <atomic>
#include <chrono>
#include <optional>

namespace cofu::detail {

inline boost::chrono::steady_clock::time_point boost_time_point(
    std::chrono::steady_clock::time_point t)
{
    auto const left =
        std::chrono::ceil<std::chrono::nanoseconds>(t - std::chrono::steady_clock::now());
    return boost::chrono::steady_clock::now() + boost::chrono::nanoseconds(left.count());
}

// Where one thread waits, once, for another, by a futex. The unparking is the last touch of it.
template <class Atomics>
class basic_parking_word {
public:
    void unpark() noexcept
    {
        // The waiter may leave as soon as it is open. Release: what was done before the unparking
        // is seen by the one who waited.
        auto const* const address = &word_;
        if (word_.exchange(open, std::memory_order_release) == parked)
            futex_wake(address, 1);
    }

    // Acquire: what was done before the unparking is seen.
    bool is_unparked() const noexcept { return word_.load(std::memory_order_acquire) == open; }

    // False: the time is over.
    bool park(deadline const& limit) noexcept
    {
        // Acquire, as below: what was done before the unparking is seen.
        auto w = waiting;
        if (!word_.compare_exchange_strong(w, parked, std::memory_order_acquire))
            return true;
        for (;;) {
            futex_wait(word_, parked, limit);
            if (is_unparked())
                return true;
            if (limit && *limit <= std::chrono::steady_clock::now())
                return false;
        }
    }

private:
    static constexpr std::uint32_t waiting = 0, parked = 1, open = 2;

    typename Atomics::template atomic<std::uint32_t> word_{waiting};
};

using parking_word = basic_parking_word<std_atomics>;

// The same; where the wait is an interruption point, by a condition variable.
class parking_spot {
public:
    explicit parking_spot(deadline const& limit) : limit_(limit)
    {
        if (boost::this_thread::interruption_enabled())
            guarded_.emplace();
    }

    void unpark() noexcept
    {
        if (guarded_) {
            boost::lock_guard guard(guarded_->mutex);
            guarded_->is_open = true;
            guarded_->changed.notify_one();
            return;
        }
        word_.unpark();
    }

    // True: unparked; false: the time is over. An interruption point on threads of Boost.Thread.
    bool park()
    {
        if (!guarded_)
            return word_.park(limit_);
        boost::unique_lock guard(guarded_->mutex);
        auto const is_open = [this] { return guarded_->is_open; };
        if (limit_)
            return guarded_->changed.wait_until(guard, boost_time_point(*limit_), is_open);
        guarded_->changed.wait(guard, is_open);
        return true;
    }

    // The same. First it gives way a few times, where it has no limit and no interruption point.
    bool yield_or_park()
    {
        if (!guarded_ && !limit_ && yield_until([this] { return word_.is_unparked(); }))
            return true;
        return park();
    }

private:
    struct guarded {
        guarded() {}  // clang knows no initial values of members before the class's end

        boost::mutex mutex;
        boost::condition_variable changed;
        bool is_open = false;
    };

    deadline const limit_;
    parking_word word_;
    std::optional<guarded> guarded_;
};

// When a wait looks around at the latest that an interruption can't wake, since it runs I/O.
inline deadline next_look(deadline const& limit)
{
    if (!boost::this_thread::interruption_enabled())
        return limit;
    auto const next = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    return limit && *limit < next ? limit : next;
}

// As boost::thread::interrupt, but of a thread that has no handle to itself. After an interruption
// was thrown on it.
inline void interrupt_this_thread()
{
    if (auto* const self = boost::detail::get_current_thread_data()) {
        boost::lock_guard guard(self->data_mutex);
        self->interrupt_requested = true;
    }
}

}  // namespace cofu::detail
