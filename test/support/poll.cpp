// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "poll.hpp"

#include <algorithm>
#include <thread>

namespace cofu::test::detail {

bool poll(std::function<bool()> const& done, std::chrono::milliseconds limit)
{
    using clock = std::chrono::steady_clock;
    auto const deadline = clock::now() + limit;
    auto pause = std::chrono::microseconds(0);
    while (!done())
    {
        if (clock::now() >= deadline)
            return done();
        std::this_thread::sleep_for(pause);
        pause = 2 * pause + std::chrono::microseconds(10);
        pause = std::min(pause, std::chrono::microseconds(2000));
    }
    return true;
}

} // namespace cofu::test::detail
