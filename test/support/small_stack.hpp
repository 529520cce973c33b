// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Runs a function on a thread whose stack is small, to show that it does not recurse.
#pragma once

#include "sanitizers.hpp"

#include <cstddef>
#include <functional>

namespace cofu::test {

/// 256 KiB; four times that under a sanitizer, whose frames are larger.
inline constexpr std::size_t small_stack_size = std::size_t(256 * 1024) * (under_sanitizer ? 4 : 1);

/// Runs `f` on a new thread with that stack and joins it. An exception of `f` is thrown to the
/// caller. Throws `std::system_error` when the thread cannot be made.
void run_on_small_stack(std::function<void()> f, std::size_t stack_size = small_stack_size);

} // namespace cofu::test
