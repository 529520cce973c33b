// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Memory straight from the system, in large pieces: a page fault for each 4 KiB would cost more
// than what is done in it.

#include <cstddef>

namespace cofu::detail {

// Aligned to its size, a power of two, zeroed, in huge pages where the system gives them; or null.
void* map_huge(std::size_t size) noexcept;
void unmap_huge(void* memory, std::size_t size) noexcept;

// The memory of whole pages goes; their next use finds zeros.
void drop_pages(void* memory, std::size_t size) noexcept;

}  // namespace cofu::detail
