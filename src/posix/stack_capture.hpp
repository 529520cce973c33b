// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Where this thread is, as memory without pointers that other processes may read.

#include "../detail/stack_tokens.hpp"

#include <atomic>
#include <cstdint>

namespace cofu::detail {

// Written front to back: what is counted stands.
struct captured_stack {
    struct module {
        std::uint64_t id;
        char path[112];  // its end, if it is longer; NUL-terminated
    };

    std::atomic<std::uint32_t> frame_count;
    std::atomic<std::uint32_t> module_count;
    stack_frame frames[max_stack_frames];
    module modules[max_stack_modules];
};

enum class stack_top {
    caller,           // of capture_stack
    before_a_signal,  // where the signal came that is being handled
};

// Loads and binds what capture_stack needs, so that a signal handler has not to. Once a program: a
// forked process has it from the one it comes from. One thread at a time.
void prepare_stack_capture() noexcept;

// Without a lock of ours or an allocation: for signal handlers too. In one that interrupted the
// dynamic linker it may crash, which leaves what was written so far.
void capture_stack(captured_stack& to, stack_top top) noexcept;

// Of memory that another process may have written, or may be writing. Throws std::bad_alloc.
stack_tokens tokens_of(captured_stack const& stack);

}  // namespace cofu::detail
