// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "parent_watch.hpp"

#include "bare_clone.hpp"

#include <cerrno>
#include <csignal>

#include <sys/epoll.h>
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
constinit int watched = -1;  // an epoll descriptor
constinit epoll_event happened{};

__attribute__((no_sanitize("address", "thread", "undefined"))) int watch(void*) noexcept
{
    // -1 would be an interruption, and there is none: all signals are blocked.
    while (syscall(SYS_epoll_pwait, watched, &happened, 1, -1, nullptr, 8) == -1) {
    }
    syscall(SYS_exit_group, 0);
    return 0;
}

}  // namespace

bool watch_parent(int channel, int parent_pidfd) noexcept
{
    // Not poll(), which would hold the channel open where a call closes it, and hide that from the
    // program.
    watched = epoll_create1(EPOLL_CLOEXEC);
    // Of the channel only the hang-up, which needs no asking; a half close is the worker's own.
    epoll_event on_hang_up{}, on_input{};
    on_input.events = EPOLLIN;
    if (watched < 0 || epoll_ctl(watched, EPOLL_CTL_ADD, channel, &on_hang_up) != 0
        || epoll_ctl(watched, EPOLL_CTL_ADD, parent_pidfd, &on_input) != 0)
        return false;
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    int const thread = bare_clone(&watch, stack + sizeof stack, bare_thread, nullptr);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    return thread >= 0;
}

}  // namespace cofu::detail
