// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Whether processes started from this program's executable get to worker_main. Nothing is ever
// started unless they do: it would be a second run of the program.

#include <cofu/config.hpp>

namespace cofu::detail {

// By worker_main; and by the link option before any static initialiser of the program.
COFU_DECL void pass_hook() noexcept;

COFU_DECL bool hook_passed() noexcept;

// Throws invalid_state_error, which says what to add, unless hook_passed().
COFU_DECL void require_hook();

}  // namespace cofu::detail
