// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How to wait for what some twenty instructions of another thread are about to change.

#include <cofu/config.hpp>

namespace cofu::detail {

// Pauses, then yields, then naps, so that a holder preempted under a real-time waiter gets the
// processor.
class COFU_DECL backoff {
public:
    void operator()() noexcept;

    // Some pauses in a row, each of 20 to 45 ns on most processors.
    static void linger(unsigned pauses) noexcept;

private:
    int turn_ = 0;
};

}  // namespace cofu::detail
