// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Between the failure guards and the functions that they replace.
#pragma once

#include <atomic>
#include <cstddef>

namespace cofu::test::detail {

/// Counts calls and decides which of them fail. All zero at the start of the program: usable before
/// any constructor.
struct failure_plan
{
    std::atomic<bool> armed{false};
    std::atomic<bool> onward{false};
    std::atomic<bool> fired{false};
    std::atomic<std::size_t> nth{0};
    std::atomic<std::size_t> seen{0};

    void arm(std::size_t k, bool and_all_after) noexcept
    {
        nth = k;
        onward = and_all_after;
        fired = false;
        seen = 0;
        armed = true;
    }

    /// True when this call is to fail.
    bool strikes() noexcept
    {
        if (!armed)
            return false;
        auto const n = ++seen;
        auto const k = nth.load();
        if (k == 0 || n < k || (n > k && !onward))
            return false;
        fired = true;
        return true;
    }
};

/// True when this allocation, on this thread, is to fail.
bool allocation_strikes() noexcept;

/// Defined by the file that replaces the allocation functions; used, so that the linker takes that
/// file.
extern bool const allocation_functions_replaced;

} // namespace cofu::test::detail
