// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Fetching a cache line ahead of its use. Any address will do.

#include <cstdint>

namespace cofu::detail {

inline void prefetch_to_read([[maybe_unused]] void const* p) noexcept
{
#if defined(__GNUC__)
    __builtin_prefetch(p);
#endif
}

// To write it: takes the line from whoever has it, in one trip. The built-in means the instruction
// for that only where the target's name promises it; elsewhere it reads, and the write waits for
// another trip. All processors of x86-64 take the instruction, old ones as nothing to do.
inline void prefetch_to_write([[maybe_unused]] std::uintptr_t p) noexcept
{
#if defined(__GNUC__) && defined(__x86_64__)
    asm volatile("prefetchw (%0)" : : "r"(p));
#elif defined(__GNUC__)
    __builtin_prefetch(reinterpret_cast<void*>(p), 1);
#endif
}

}  // namespace cofu::detail
