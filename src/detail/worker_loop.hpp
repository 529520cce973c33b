// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A worker's side of its channel, from the handshake to its end.

#include "../posix/unique_fd.hpp"
#include "frame.hpp"

#include <cstddef>

namespace cofu::detail {

struct worker_endpoint {
    unique_fd channel;
    unique_fd parent_pidfd;  // readable when the program is gone
    void* page = nullptr;    // the claim page, mapped
    std::size_t page_size = 0;
};

// Says "ready", then runs the calls that arrive until the parent says quit or closes the channel.
// The return value is for exit_worker: 0, or 1 where the channel failed or the parent broke the
// protocol. Ends the process itself if the program goes away meanwhile.
int run_worker(worker_endpoint endpoint);

}  // namespace cofu::detail
