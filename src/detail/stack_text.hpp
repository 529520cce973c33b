// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Stacks of workers as text, made when it is read.

#include "stack_tokens.hpp"

#include <cofu/detail/late_text.hpp>

#include <string>
#include <utility>

namespace cofu::detail {

// A line a frame, from where an exception was thrown to the call's function: its name, where it is
// known to this process, the module and the place in it. What is more than a stack may hold is left
// out: the tokens may be damaged.
std::string stack_text(stack_tokens const& stack);

class stack_source final : public late_text::source {
public:
    explicit stack_source(stack_tokens stack) : stack_(std::move(stack)) {}

    std::string make() const override { return stack_text(stack_); }
    stack_tokens const& stack() const noexcept { return stack_; }

private:
    stack_tokens const stack_;
};

}  // namespace cofu::detail
