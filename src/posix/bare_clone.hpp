// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// clone() for what shares the program's memory. By the C library's second name for it, where there
// is one: sanitizers take the first for a fork, and would do a new process's work in that memory.

#include <sched.h>

#ifdef __GLIBC__
extern "C" int __clone(int (*function)(void*), void* stack, int flags, void* argument, ...);
#endif

namespace cofu::detail {

inline int bare_clone(int (*function)(void*), void* stack, int flags, void* argument) noexcept
{
#ifdef __GLIBC__
    return __clone(function, stack, flags, argument);
#else
    return ::clone(function, stack, flags, argument);
#endif
}

}  // namespace cofu::detail
