// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A point in time until which to wait, from any duration.

#include <chrono>
#include <optional>

namespace cofu::detail {

using deadline = std::optional<std::chrono::steady_clock::time_point>;  // none: for ever

// Rounded up; what is longer than a century, a NaN too, is for ever.
template <class Rep, class Period>
deadline deadline_after(std::chrono::duration<Rep, Period> d)
{
    using clock = std::chrono::steady_clock;
    constexpr std::chrono::duration<double> century = std::chrono::hours(24 * 365 * 100);
    std::chrono::duration<double> const seconds = d;
    if (!(seconds < century))
        return std::nullopt;
    if (!(seconds.count() > 0))
        return clock::now();
    return clock::now() + std::chrono::ceil<clock::duration>(d);
}

template <class Clock, class Duration>
deadline deadline_at(std::chrono::time_point<Clock, Duration> t)
{
    if (t == std::chrono::time_point<Clock, Duration>::max())
        return std::nullopt;
    return deadline_after(t - Clock::now());
}

}  // namespace cofu::detail
