// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Deadlines of calls and of asynchronous waits: one thread a process, started by the first holder
// and ended after the last.

#include <cofu/config.hpp>

#include <boost/intrusive/set.hpp>
#include <boost/intrusive/set_hook.hpp>

#include <chrono>

namespace cofu::detail {

// Something that happens at a point in time unless it is disarmed before.
class COFU_DECL timer_entry : public boost::intrusive::set_base_hook<
                                  boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    timer_entry(timer_entry const&) = delete;
    timer_entry& operator=(timer_entry const&) = delete;

    // Needs a living timer_hold.
    void arm(std::chrono::steady_clock::time_point when) noexcept;

    // Afterwards the entry is not touched any more; waits while it expires on another thread.
    void disarm() noexcept;

    friend bool operator<(timer_entry const& a, timer_entry const& b) noexcept
    {
        return a.when_ < b.when_;
    }

protected:
    timer_entry() noexcept = default;
    ~timer_entry() = default;

    // On the timer thread; must not block and must not destroy the entry.
    virtual void expire() noexcept = 0;

private:
    friend class timer_queue;
    std::chrono::steady_clock::time_point when_;
};

// Keeps the timer thread alive.
class COFU_DECL timer_hold {
public:
    timer_hold();  // may start the thread, and throws what that throws
    ~timer_hold();
    timer_hold(timer_hold const&) = delete;
    timer_hold& operator=(timer_hold const&) = delete;
};

}  // namespace cofu::detail
