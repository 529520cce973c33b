// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a worker process does once it is set up.

#include <posix/unique_fd.hpp>

#include <cstddef>

namespace cofu::detail {

// What a worker has from its pool.
struct worker_endpoint {
    unique_fd channel;
    unique_fd parent_pidfd;  // readable when the program has ended
    void* page = nullptr;    // mapped, shared with the pool; null if there is none
    std::size_t page_size = 0;
};

// Serves the pool until the channel ends or the pool sends the worker home; its exit status.
int run_worker(worker_endpoint endpoint);

}  // namespace cofu::detail
