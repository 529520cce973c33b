// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Finds what a test case leaves behind: threads, children, descriptors, shared memory, live shared
// states. Works around every case by itself; a case calls it only to allow what belongs to the
// whole process.
#pragma once

#include "poll.hpp"
#include "process_snapshot.hpp"

#include <functional>
#include <string>

namespace cofu::test {

/// What ends by itself after a case has this long.
inline constexpr std::chrono::milliseconds leak_limit{under_sanitizer ? 15'000 : 5'000};

/// Compares the process with what it was.
class leak_guard
{
public:
    /// Remembers what there is now.
    leak_guard() : before_(process_snapshot::take()) {}

    /// Empty when nothing more is left than there was; otherwise a text that says what is. What
    /// ends by itself has until `limit`.
    std::string left_over(std::chrono::milliseconds limit = leak_limit) const;

    /// Takes what came to be between the two as there from the start.
    void accept(process_snapshot const& from, process_snapshot const& to)
    {
        before_.accept(from, to);
    }

private:
    process_snapshot before_;
};

/// Runs `warm_up`, and allows what it leaves behind for the rest of the process: the thread pool of
/// `system_executor`, a library's first-use threads and descriptors. Main thread only.
void allow_process_wide(std::function<void()> const& warm_up);

} // namespace cofu::test
