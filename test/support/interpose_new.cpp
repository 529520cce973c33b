// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Operator new, replaced over malloc. Only under a sanitizer, whose malloc must stay.
#include "sanitizers.hpp"

#ifdef COFU_TEST_UNDER_SANITIZER

#include "interpose.hpp"

#include <cstdlib>
#include <new>

namespace cofu::test::detail {
bool const allocation_functions_replaced = true;
}

static void* allocate(std::size_t size, std::size_t alignment)
{
    void* memory = nullptr;
    if (!cofu::test::detail::allocation_strikes())
        memory = alignment
            ? std::aligned_alloc(alignment, (size + alignment - 1) & ~(alignment - 1))
            : std::malloc(size ? size : 1);
    if (!memory)
        throw std::bad_alloc();
    return memory;
}

void* operator new(std::size_t size)
{
    return allocate(size, 0);
}

void* operator new(std::size_t size, std::align_val_t alignment)
{
    return allocate(size, static_cast<std::size_t>(alignment));
}

// Asio's any_completion_executor uses it; the sanitizer's own would not match our delete.
void* operator new(std::size_t size, std::nothrow_t const&) noexcept
{
    try {
        return allocate(size, 0);
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    std::free(memory);
}

#endif
