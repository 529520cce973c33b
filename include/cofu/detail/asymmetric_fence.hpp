// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Two fences that order a store before a later load, one thread against another: the light one is
// for who does it all the time and costs nothing where the system has the heavy one (Linux:
// membarrier), which makes all threads of the process pass a fence. Elsewhere both are the usual.

#include <cofu/config.hpp>

#include <atomic>

namespace cofu::detail {

class COFU_DECL asymmetric_fence {
public:
    // Asks the system once.
    asymmetric_fence() noexcept : is_free_(has_heavy()) {}

    void light() const noexcept
    {
        if (is_free_)
            std::atomic_signal_fence(std::memory_order_seq_cst);
        else
            std::atomic_thread_fence(std::memory_order_seq_cst);
    }
    void heavy() const noexcept
    {
        if (is_free_)
            pass_all();
        else
            std::atomic_thread_fence(std::memory_order_seq_cst);
    }

private:
    static bool has_heavy() noexcept;
    static void pass_all() noexcept;

    bool is_free_;
};

}  // namespace cofu::detail
