// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Gives back memory that the library keeps for later calls.

#include <cofu/config.hpp>

namespace cofu {

/// Gives the memory of calls that ended back to the C library: all that is kept for the process,
/// and what the calling thread keeps for itself. What other threads keep, at most 16 KiB each, goes
/// when they end. Without a pool the process keeps at most 1 MiB anyway.
///
/// Thread safety: any thread.
COFU_DECL void release_memory() noexcept;

}  // namespace cofu
