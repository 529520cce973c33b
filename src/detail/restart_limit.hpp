// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How often and how soon workers may be started again (PPE-06).

#include "process_pool_action.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace cofu::detail {

class restart_limit_count {
public:
    using time_point = pool_clock::time_point;
    using duration = pool_clock::duration;

    // A count above 4096 is none.
    restart_limit_count(std::size_t count, duration within)
        : within_(within), times_(count > most_counted ? 0 : count + 1)
    {
    }

    // Whether that was one too many.
    bool boot_failed(time_point now) noexcept
    {
        if (times_.empty())
            return false;
        times_[next_] = now;
        next_ = (next_ + 1) % times_.size();
        failures_ = std::min(failures_ + 1, times_.size());
        return failures_ == times_.size() && now - times_[next_] <= within_;
    }

    // From the third in a row the next start waits: 10 ms, doubling to 1 s.
    void died_idle(time_point now) noexcept
    {
        if (++idle_deaths_ < 3)
            return;
        wait_ = std::clamp<duration>(wait_ * 2, std::chrono::milliseconds(10),
                                     std::chrono::seconds(1));
        not_before_ = now + wait_;
    }

    void call_finished() noexcept
    {
        failures_ = 0;
        idle_deaths_ = 0;
        wait_ = {};
        not_before_ = {};
    }

    bool may_start(time_point now) const noexcept { return now >= not_before_; }
    time_point not_before() const noexcept { return not_before_; }

private:
    static constexpr std::size_t most_counted = 4096;

    duration within_;
    std::vector<time_point> times_;  // of the last failures, a ring
    std::size_t next_ = 0;           // the oldest of them
    std::size_t failures_ = 0;       // since the last finished call, as far as they are kept
    std::size_t idle_deaths_ = 0;    // in a row
    duration wait_{};
    time_point not_before_{};
};

}  // namespace cofu::detail
