// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A point in time until which to wait, from any duration.

#include <chrono>
#include <optional>

namespace cofu::detail {

using deadline = std::optional<std::chrono::steady_clock::time_point>;  // none: for ever

inline constexpr std::chrono::duration<double> longest_wait = std::chrono::hours(24 * 365 * 100);

// Rounded up; what is longer than a century, a NaN too, is for ever.
template <class Rep, class Period>
deadline deadline_after(std::chrono::duration<Rep, Period> d)
{
    using clock = std::chrono::steady_clock;
    std::chrono::duration<double> const seconds = d;
    if (!(seconds < longest_wait))
        return std::nullopt;
    if (!(seconds.count() > 0))
        return clock::now();
    return clock::now() + std::chrono::ceil<clock::duration>(d);
}

// Compared as seconds first: the difference of far points can't be represented.
template <class Clock, class Duration>
deadline deadline_at(std::chrono::time_point<Clock, Duration> t)
{
    using seconds = std::chrono::duration<double>;
    auto const now = Clock::now();
    auto const left = seconds(t.time_since_epoch()) - seconds(now.time_since_epoch());
    if (!(left < longest_wait))
        return std::nullopt;
    if (left < std::chrono::seconds(-1))
        return std::chrono::steady_clock::now();
    return deadline_after(t - now);
}

}  // namespace cofu::detail
