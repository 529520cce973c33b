// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "parent_watch.hpp"

#include "bare_clone.hpp"

#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

// A bare kernel thread, which the C library does not know of: it takes a fraction of the time to
// make, and the worker stays single-threaded for the library's and libstdc++'s fast paths. So it
// may call nothing but the kernel, and shares errno with the main thread: no call here fails.
constexpr int bare_thread =
    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

alignas(16) constinit char stack[8192]{};
constinit pollfd watched[2]{};

[[gnu::no_sanitize("address", "thread", "undefined")]] int watch(void*) noexcept
{
    // -1 would be an interruption, and there is none: all signals are blocked.
    while (syscall(SYS_ppoll, watched, 2, nullptr, nullptr, 0) == -1) {
    }
    syscall(SYS_exit_group, 0);
    return 0;
}

}  // namespace

bool watch_parent(int channel, int parent_pidfd) noexcept
{
    // Of the channel only the hang-up, which needs no asking; a half close is the worker's own.
    watched[0] = {channel, 0, 0};
    watched[1] = {parent_pidfd, POLLIN, 0};
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    int const thread = bare_clone(&watch, stack + sizeof stack, bare_thread, nullptr);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    return thread >= 0;
}

}  // namespace cofu::detail
