// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The C allocation functions, replaced over glibc's. Not under a sanitizer.
#include "sanitizers.hpp"

#ifndef COFU_TEST_UNDER_SANITIZER

#include "interpose.hpp"

#include <cerrno>
#include <cstddef>

namespace cofu::test::detail {
bool const allocation_functions_replaced = true;
}

using cofu::test::detail::allocation_strikes;

static void* no_memory() noexcept
{
    errno = ENOMEM;
    return nullptr;
}

extern "C" {

void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;

void* malloc(std::size_t size) noexcept
{
    return allocation_strikes() ? no_memory() : __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept
{
    return allocation_strikes() ? no_memory() : __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) noexcept
{
    return allocation_strikes() ? no_memory() : __libc_realloc(old, size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept
{
    return allocation_strikes() ? no_memory() : __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    return allocation_strikes() ? no_memory() : __libc_memalign(alignment, size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept
{
    if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
        return EINVAL;
    void* const memory = allocation_strikes() ? nullptr : __libc_memalign(alignment, size);
    if (!memory)
        return ENOMEM;
    *out = memory;
    return 0;
}

} // extern "C"

#endif
