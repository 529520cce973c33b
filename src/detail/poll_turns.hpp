// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Whether a thread that runs an io_context looks for the next completion, gives way to other threads
// once, or falls asleep. Guarded by its owner.

#include "../posix/this_process.hpp"

#include <cofu/io_poll.hpp>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace cofu::detail {

class poll_turns {
public:
    enum class turn {
        none,
        give_way,  // once, then tell gave_way()
        look,      // give way, and ask again
    };

    void set(io_poll how) noexcept { how_ = how; }

    // Asked when something begins to wait outside a drain: whether to queue one that looks.
    bool start() noexcept { return is_allowed() && (is_polling_ = begin()); }

    // Asked by each drain at its end.
    turn next(bool has_delivered, bool is_waiting) noexcept
    {
        bool const was_polling = std::exchange(is_polling_, false);
        if (has_delivered && was_polling)
            misses_ = 0;
        bool const may_look = is_allowed();
        if (!is_waiting)
            return turn::none;
        if (!may_look)
            return has_delivered && may_yield() && is_worth_while() ? turn::give_way : turn::none;
        is_polling_ = has_delivered ? begin() : was_polling && is_within_time();
        return is_polling_ ? turn::look : turn::none;
    }
    // Whether something arrived meanwhile.
    void gave_way(bool has_paid) noexcept
    {
        if (has_paid)
            misses_ = 0;
        else
            missed();
    }

private:
    using clock = std::chrono::steady_clock;

    static constexpr std::chrono::microseconds longest{20};
    static constexpr unsigned most_misses = 8;

    bool is_allowed() noexcept
    {
        auto const id = std::this_thread::get_id();
        if (thread_ != id && std::exchange(thread_, id) != std::thread::id())
            has_several_threads_ = true;
        return how_ == io_poll::adaptive && !has_several_threads_ && may_yield();
    }

    bool is_worth_while() noexcept
    {
        if (skips_ == 0)
            return true;
        --skips_;
        return false;
    }

    bool begin() noexcept
    {
        if (!is_worth_while())
            return false;
        end_ = clock::now() + longest;
        return true;
    }

    bool is_within_time() noexcept
    {
        if (clock::now() < end_)
            return true;
        missed();
        return false;
    }

    void missed() noexcept
    {
        misses_ = std::min(misses_ + 1, most_misses);
        skips_ = (1u << misses_) - 1;
    }

    io_poll how_ = io_poll::adaptive;
    std::thread::id thread_;  // that runs the drains; no polling once another one did
    bool has_several_threads_ = false;
    bool is_polling_ = false;
    clock::time_point end_;  // of the polling
    unsigned misses_ = 0;    // times in a row that nothing came of it
    unsigned skips_ = 0;     // deliveries that it is not worth while after
};

}  // namespace cofu::detail
