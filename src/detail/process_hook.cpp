// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/process_hook.hpp>

#include <cofu/error.hpp>

#include <atomic>

namespace cofu::detail {

namespace {

constinit std::atomic<bool> passed{false};

}  // namespace

void pass_hook() noexcept { passed.store(true, std::memory_order_relaxed); }

bool hook_passed() noexcept { return passed.load(std::memory_order_relaxed); }

void require_hook()
{
    if (!hook_passed())
        throw invalid_state_error(
            "no worker can start: call cofu::worker_main(argc, argv) first in main, or link the "
            "CMake target cofu::cofu to the executable itself, or choose start_method::fork "
            "(unsafe "
            "with threads)");
}

}  // namespace cofu::detail
