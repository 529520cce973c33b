// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/asymmetric_fence.hpp>

#if defined(__linux__)
#include <cstdio>
#include <cstdlib>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace cofu::detail {

// ThreadSanitizer knows no membarrier.
#if defined(__linux__) && defined(SYS_membarrier) && !defined(__SANITIZE_THREAD__)

// A forked child inherits the registration with the answer.
bool asymmetric_fence::has_heavy() noexcept
{
    static bool const answer =
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    return answer;
}

// It can't fail once registered, unless somebody forbids it by a filter of system calls.
void asymmetric_fence::pass_all() noexcept
{
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0)
        return;
    std::fputs("cofu: membarrier() was allowed and is not any more\n", stderr);
    std::abort();
}

#else

bool asymmetric_fence::has_heavy() noexcept
{
    return false;
}

void asymmetric_fence::pass_all() noexcept {}

#endif

}  // namespace cofu::detail
