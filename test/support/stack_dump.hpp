// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Prints the stack of every thread of a process to standard error: by gdb where it is installed,
// otherwise each thread's own account.
#pragma once

#include <string>
#include <sys/types.h>

namespace cofu::test {

/// Writes the line to standard error without any buffer or lock of the C library.
void print_line(std::string line);

/// Prints all stacks of `process`, this one or a child, within a minute.
void print_all_stacks(pid_t process);

/// The way that needs no debugger; only this process.
void print_own_stacks();

} // namespace cofu::test
