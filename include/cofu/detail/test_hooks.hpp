// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the tests may count; only in builds with COFU_TEST_HOOKS.

#include <cofu/config.hpp>

#include <cstddef>

namespace cofu::detail {

#if defined(COFU_TEST_HOOKS)
/// How many shared states exist in this process.
COFU_DECL std::size_t live_states() noexcept;
#endif

}  // namespace cofu::detail
