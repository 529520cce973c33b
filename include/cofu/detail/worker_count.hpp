// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Whether a pool that was given work wakes a worker, starts one, or leaves it to those that look.

#include <cstddef>

namespace cofu::detail {

struct worker_facts {
    std::size_t threads;   // exist, or are being started
    std::size_t max;       // may exist
    std::size_t sleeping;  // wait for work
    std::size_t looking;   // look for work, or leave a call and will look; woken ones too
    bool queue_was_empty;  // before the work in question
};

enum class worker_action {
    none,   // whoever looks will find it, and will ask again for what is left
    wake,   // wake one that sleeps
    start,  // start one more
};

constexpr worker_action on_work(worker_facts const& f)
{
    if (f.sleeping > 0)
        return f.looking > 0 ? worker_action::none : worker_action::wake;
    if (f.looking > 0 && f.queue_was_empty)
        return worker_action::none;
    return f.threads < f.max ? worker_action::start : worker_action::none;
}

}  // namespace cofu::detail
