// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A stack as it crosses from one process to another: no addresses, no names.

#include <cstdint>
#include <string>
#include <vector>

namespace cofu::detail {

inline constexpr std::size_t max_stack_frames = 64;
inline constexpr std::size_t max_stack_modules = 16;

struct stack_frame {
    std::uint64_t module = 0;  // as function_id::module; 0: none that is known
    std::uint64_t offset = 0;  // of the call in it; without a module, the address itself
};

struct stack_module {
    std::uint64_t id = 0;
    std::string path;  // there; empty for the program
};

struct stack_tokens {
    std::vector<stack_frame> frames;  // from the innermost out
    std::vector<stack_module> modules;
};

}  // namespace cofu::detail
