// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "worker_loop.hpp"

#include <cerrno>

#include <unistd.h>

namespace cofu::detail {

int run_worker(worker_endpoint endpoint)
{
    for (;;) {
        char byte;
        auto const got = read(endpoint.channel.get(), &byte, 1);
        if (got == 0 || (got < 0 && errno != EINTR))
            return 0;
    }
}

}  // namespace cofu::detail
