// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// An entry for tests of order: it is told from others by its number, and never run.

#include <cofu/detail/queue_entry.hpp>

#include <exception>

namespace cofu::detail {

struct numbered_entry final : queue_entry {
    explicit numbered_entry(int n, bool call = true) : number(n), counts_as_call(call) {}

    void run(worker_seat&) noexcept override {}
    void withdraw() noexcept override {}
    bool fail(std::exception_ptr (*)(void*) noexcept, void*) noexcept override { return true; }
    bool is_call() const noexcept override { return counts_as_call; }

    int const number;
    bool const counts_as_call;
};

}  // namespace cofu::detail
