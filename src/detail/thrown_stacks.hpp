// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Where the exceptions were thrown that reached a passing_exception handler.

#include "stack_tokens.hpp"

#include <exception>
#include <optional>

namespace cofu::detail {

// From now on those of this thread are kept: a worker's, which runs its calls. Once a process.
void keep_thrown_stacks() noexcept;

// The stack at the last throw of this exception that such a handler saw, if one did. Once: the
// exception's memory may be another's next.
std::optional<stack_tokens> take_thrown_stack(std::exception_ptr const& error) noexcept;

// Those that nobody took.
void forget_thrown_stacks() noexcept;

}  // namespace cofu::detail
