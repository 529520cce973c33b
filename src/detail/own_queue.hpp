// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The queue of the worker that this thread is.

#include <cofu/detail/ready_queues.hpp>

namespace cofu::detail {

// Null: this thread is no worker.
extern constinit thread_local local_queue* own_queue;

}  // namespace cofu::detail
