// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Starts an executable as a process that the rest of the program can't see.

#include <posix/unique_fd.hpp>

#include <sys/types.h>

namespace cofu::detail {

// It is nobody's child here: no SIGCHLD at its end, and no wait, waitpid(-1) or SIG_IGN of the
// program meets it. Only where the program itself adopts orphans (as process 1 or a subreaper) it
// is a child like others.
struct unseen_process {
    pid_t id = -1;
    unique_fd pidfd;
};

// `image` with these arguments and environment, `inherited` as its descriptor 3, the null device as
// 0 and the program's 1 and 2; nothing else is open in it, its signals are as after a boot, and it
// has a process group of its own. Takes about the same time in a program of any size. Throws
// std::system_error, also when the exec fails.
unseen_process exec_unseen(unique_fd image, char* const arguments[], char* const environment[],
                           int inherited);

// This program's executable, also when another file has taken its place. Throws std::system_error.
unique_fd open_own_image();

// For a new process between fork and exec: 0, 1 and 2 are open, and nothing past 3 survives.
void leave_four_descriptors(int null, int inherited) noexcept;

// Every signal does what it does in a new program, and none is blocked.
void reset_signals() noexcept;

// Takes a process that ended out of the system's table, if it is ours to take.
void reap(unique_fd const& pidfd) noexcept;

}  // namespace cofu::detail
