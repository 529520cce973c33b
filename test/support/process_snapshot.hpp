// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What this process holds at a moment: threads, children, descriptors, shared memory, shared
// states.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace cofu::test {

/// Read from /proc.
struct process_snapshot
{
    std::map<pid_t, std::string> threads;     ///< thread id to name
    std::map<pid_t, std::string> children;    ///< process id to name, zombies included
    std::map<int, std::string> descriptors;   ///< number to target
    std::map<std::string, int> shared_memory; ///< names in /dev/shm
    std::size_t live_states = 0;              ///< see `live_states()`

    static process_snapshot take();

    /// One line for each thing in `later` that is not here.
    std::vector<std::string> left_over(process_snapshot const& later) const;

    /// Adds what is in `after` and not in `before`.
    void accept(process_snapshot const& before, process_snapshot const& after);
};

/// The threads and the children of this process.
std::map<pid_t, std::string> threads_of_this_process();
std::map<pid_t, std::string> children_of_this_process();

/// Whether it exists and is no zombie.
bool is_running(pid_t process);

/// Live shared states of the library; 0 when it was built without COFU_TEST_HOOKS.
std::size_t live_states() noexcept;

} // namespace cofu::test
