// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "system_calls.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace cofu::detail {

namespace {

// By the kernel's tables: the same on every architecture with 64 bits.
constexpr long number_of_pidfd_send_signal = 424, number_of_pidfd_open = 434,
               number_of_close_range = 436;
constexpr unsigned close_range_cloexec = 4;

}  // namespace

int pidfd_open(pid_t process) noexcept
{
    return static_cast<int>(syscall(number_of_pidfd_open, process, 0));
}

int pidfd_send_signal(int pidfd, int signal) noexcept
{
    return static_cast<int>(syscall(number_of_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

int execveat(int image, char* const argv[], char* const environment[]) noexcept
{
    return static_cast<int>(syscall(SYS_execveat, image, "", argv, environment, AT_EMPTY_PATH));
}

int memory_file(char const* name, std::size_t size) noexcept
{
    unique_fd file(memfd_create(name, MFD_CLOEXEC));
    if (!file || ftruncate(file.get(), static_cast<off_t>(size)) != 0)
        return -1;
    return file.release();
}

void close_on_exec_from(int first) noexcept
{
    if (syscall(number_of_close_range, first, ~0U, close_range_cloexec) == 0)
        return;
    rlimit limit{};
    // No /proc/self/fd here: this may run between a vfork and an exec.
    int const last = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536
                         ? static_cast<int>(limit.rlim_cur)
                         : 65536;
    for (int fd = first; fd < last; ++fd)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

char const* advice(int error, char const* call) noexcept
{
    if (error == EMFILE)
        return " (raise this process's limit of open files)";
    if (error == ENFILE)
        return " (the system's table of open files is full)";
    if (error == EAGAIN && std::strstr(call, "fork") != nullptr)
        return " (the limit of processes of this user or of its control group is reached)";
    if (error == ENOSYS)
        return " (process pools need Linux 5.4 or newer)";
    if (error == EPERM)
        return " (a sandbox refuses this system call: allow it)";
    if (error == ENOENT && std::strstr(call, "/proc") != nullptr)
        return " (process pools need /proc to be mounted)";
    return "";
}

void throw_system_error(int error, char const* doing, char const* call)
{
    throw std::system_error(error, std::system_category(),
                            std::string(doing) + ": " + call + advice(error, call));
}

}  // namespace cofu::detail
