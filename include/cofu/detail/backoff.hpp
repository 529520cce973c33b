// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How to wait for what some twenty instructions of another thread are about to change.

#include <cofu/config.hpp>

#include <algorithm>

namespace cofu::detail {

// Pauses, then yields, then naps, so that a holder preempted under a real-time waiter gets the
// processor.
class COFU_DECL backoff {
public:
    void operator()() noexcept;

    // Some pauses in a row, each of 20 to 45 ns on most processors.
    static void linger(unsigned pauses) noexcept;

    // Others who take something in so many pauses together need no help; in so few none for long:
    // more is not handed out by a queue where many meet.
    static constexpr unsigned pauses_of_quick = 16;
    static constexpr unsigned pauses_of_crowd = 5;

private:
    int turn_ = 0;
};

// Breaks from what others have all the time, such as a queue of very short calls: whoever looks at
// it takes its cache line from them. In pauses: one to eight microseconds, all of them 40; twice as
// long where a pause is.
inline constexpr int most_breaks = 7;
constexpr unsigned longer_break(unsigned pauses)
{
    return std::clamp(2 * pauses, 60u, 360u);
}

}  // namespace cofu::detail
