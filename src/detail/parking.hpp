// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Blocking waits. One that can be interrupted or has a deadline uses Boost.Thread's mutex and
// condition variable, whose waits are interruption points; any other an atomic, which is cheaper to
// wake: the woken thread meets no mutex of the one that woke it.

#define BOOST_CHRONO_HEADER_ONLY

#include <boost/thread/condition_variable.hpp>
#include <boost/thread/lock_guard.hpp>
#include <boost/thread/mutex.hpp>
#include <boost/thread/pthread/thread_data.hpp>

#include <cofu/detail/deadline.hpp>

#include <atomic>
#include <chrono>
#include <optional>

namespace cofu::detail {

inline boost::chrono::steady_clock::time_point
boost_time_point(std::chrono::steady_clock::time_point t)
{
    auto const left =
        std::chrono::ceil<std::chrono::nanoseconds>(t - std::chrono::steady_clock::now());
    return boost::chrono::steady_clock::now() + boost::chrono::nanoseconds(left.count());
}

// Where one thread waits, once, for another. The unparking is the last touch of it.
class parking_spot {
public:
    explicit parking_spot(deadline const& limit) : limit_(limit)
    {
        if (limit_ || boost::this_thread::interruption_enabled())
            guarded_.emplace();
    }

    void unpark() noexcept
    {
        if (guarded_) {
            boost::lock_guard guard(guarded_->mutex);
            guarded_->is_open = true;
            guarded_->changed.notify_one();
        } else {
            // Release: what was done before the unparking is seen by the one who waited.
            is_open_.store(1, std::memory_order_release);
            is_open_.notify_one();
        }
    }

    // True: unparked; false: the time is over. An interruption point on threads of Boost.Thread.
    bool park()
    {
        if (!guarded_) {
            is_open_.wait(0, std::memory_order_acquire);
            return true;
        }
        boost::unique_lock guard(guarded_->mutex);
        auto const is_open = [this] { return guarded_->is_open; };
        if (limit_)
            return guarded_->changed.wait_until(guard, boost_time_point(*limit_), is_open);
        guarded_->changed.wait(guard, is_open);
        return true;
    }

private:
    struct guarded {
        boost::mutex mutex;
        boost::condition_variable changed;
        bool is_open = false;
    };

    deadline const limit_;
    std::atomic<int> is_open_{0};
    std::optional<guarded> guarded_;
};

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
