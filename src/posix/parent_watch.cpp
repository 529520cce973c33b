// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "parent_watch.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

constexpr std::size_t stack_size = 256 * 1024;  // sanitizers need some

void* watch(void* packed) noexcept
{
    pthread_setname_np(pthread_self(), "cofu watch");
    auto const both = reinterpret_cast<std::uintptr_t>(packed);
    // Of the channel only the hang-up, which needs no asking; a half close is the worker's own.
    pollfd watched[] = {{static_cast<int>(both >> 32), 0, 0},
                        {static_cast<int>(both & 0xffffffff), POLLIN, 0}};
    while (poll(watched, 2, -1) < 0 && errno == EINTR) {
    }
    _exit(0);
}

}  // namespace

bool watch_parent(int channel, int parent_pidfd) noexcept
{
    static_assert(sizeof(std::uintptr_t) == 8, "process pools are for 64-bit Linux");
    auto const packed =
        static_cast<std::uintptr_t>(channel) << 32 | static_cast<std::uintptr_t>(parent_pidfd);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_size);
    pthread_t thread;
    int const error = pthread_create(&thread, &attributes, &watch, reinterpret_cast<void*>(packed));
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return error == 0;
}

}  // namespace cofu::detail
