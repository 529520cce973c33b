// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the queues and the parking code of a pool are made of. A test gives them others, of which
// each step is scheduled: test/support/interleaving.hpp. Besides these, a policy's atomic has
// futex_wait() and futex_wake() in its own namespace, as src/posix/futex.hpp has.

#include <cofu/detail/asymmetric_fence.hpp>
#include <cofu/detail/backoff.hpp>

#include <atomic>

namespace cofu::detail {

struct std_atomics {
    template <class T>
    using atomic = std::atomic<T>;
    using fence = asymmetric_fence;
    using backoff = detail::backoff;
};

}  // namespace cofu::detail
