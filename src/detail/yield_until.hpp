// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Giving way a few times before falling asleep: on a busy processor the one waited for runs at
// once, on a free one it is done in a few microseconds. Never a spin.

#include "../posix/this_process.hpp"

#include <thread>

namespace cofu::detail {

template <class Condition>
bool yield_until(Condition condition)
{
    for (int left = may_yield() ? 16 : 0; left != 0; --left) {
        std::this_thread::yield();
        if (condition())
            return true;
    }
    return false;
}

}  // namespace cofu::detail
