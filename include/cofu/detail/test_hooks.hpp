// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the tests may count, and where they may stand in the way; only in builds with
// COFU_TEST_HOOKS.

#include <cofu/config.hpp>

#include <cstddef>

namespace cofu::detail {

/// Where a worker is, in the library's own code.
enum class worker_point {
    before_ready,    ///< its process is there, and has said nothing
    half_of_ready,   ///< half of the handshake is written
    half_of_call,    ///< a call has arrived in part
    lookup,          ///< the call is claimed, its function not found yet
    half_of_answer,  ///< half of the answer is written
    after_answer     ///< the answer is written, nothing is in flight
};

#if defined(COFU_TEST_HOOKS)
inline constexpr bool has_test_hooks = true;

/// How many shared states exist in this process.
COFU_DECL std::size_t live_states() noexcept;

/// Told when a worker comes there; null: nobody is. Set by a static initialiser, which runs in the
/// workers' image too.
COFU_DECL extern void (*worker_comes_to)(worker_point);

inline void come_to(worker_point point)
{
    if (worker_comes_to)
        worker_comes_to(point);
}

/// Told before each step of an atomic of the scheduler, the shared state or the bridge; null: nobody
/// is. Set by a static initialiser.
inline COFU_DECL void (*at_boundary)() noexcept = nullptr;

inline void boundary() noexcept
{
    if (at_boundary)
        at_boundary();
}

/// How much of a frame of `size` bytes is written first.
inline std::size_t first_part(std::size_t size) noexcept
{
    return worker_comes_to ? size / 2 : size;
}
#else
inline constexpr bool has_test_hooks = false;

inline void come_to(worker_point) noexcept {}
inline std::size_t first_part(std::size_t size) noexcept { return size; }
#endif

}  // namespace cofu::detail
