// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// System calls that the C library of the oldest system supported does not have, and the error of
// one that failed.

#include <posix/unique_fd.hpp>

#include <cstddef>

#include <sys/types.h>

namespace cofu::detail {

// These return as the system calls do, with errno.
int pidfd_open(pid_t process) noexcept;
int pidfd_send_signal(int pidfd, int signal) noexcept;
int execveat(int image, char* const argv[], char* const environment[]) noexcept;
int memory_file(char const* name, std::size_t size) noexcept;  // CLOEXEC, of that size

// Every descriptor from `first` on is closed by the next exec. With an older kernel one by one.
void close_on_exec_from(int first) noexcept;

// Throws std::system_error: "`doing`: `call`: <the error>", and what to do about it where there is
// something.
[[noreturn]] void throw_system_error(int error, char const* doing, char const* call);

// What to do about it: " (raise the limit of open files)" and the like, or "".
char const* advice(int error, char const* call) noexcept;

}  // namespace cofu::detail
