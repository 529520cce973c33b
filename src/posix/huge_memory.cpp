// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "huge_memory.hpp"

#include <cstdint>

#include <sys/mman.h>

namespace cofu::detail {

void* map_huge(std::size_t size) noexcept
{
    void* const mapped =
        mmap(nullptr, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
        return nullptr;
    auto* const begin = static_cast<char*>(mapped);
    auto const before = (size - reinterpret_cast<std::uintptr_t>(begin) % size) % size;
    if (before != 0)
        munmap(begin, before);
    if (before != size)
        munmap(begin + before + size, size - before);
    auto* const memory = begin + before;
#if defined(MADV_HUGEPAGE)
    madvise(memory, size, MADV_HUGEPAGE);
#endif
    return memory;
}

void unmap_huge(void* memory, std::size_t size) noexcept
{
    munmap(memory, size);
}

void drop_pages(void* memory, std::size_t size) noexcept
{
    madvise(memory, size, MADV_DONTNEED);
}

}  // namespace cofu::detail
