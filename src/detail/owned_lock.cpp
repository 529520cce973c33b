// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/owned_lock.hpp>

namespace cofu::detail {

// Release: who reads this `false` instead of that of the last unlocking sees what was done before
// it.
void owned_lock::give_way() noexcept
{
    backoff pause;
    do {
        mine_.store(false, std::memory_order_release);
        while (theirs_.is_taken())
            pause();
        mine_.store(true, std::memory_order_relaxed);
        fence_.light();
    } while (theirs_.is_taken());
}

}  // namespace cofu::detail
