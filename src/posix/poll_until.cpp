// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "poll_until.hpp"

#include <algorithm>
#include <ctime>

namespace cofu::detail {

void poll_until(std::span<pollfd> watched,
                std::optional<std::chrono::steady_clock::time_point> limit) noexcept
{
    timespec left{};
    if (limit) {
        using std::chrono::nanoseconds;
        auto const ns = std::max(
            std::chrono::ceil<nanoseconds>(*limit - std::chrono::steady_clock::now()).count(),
            nanoseconds::rep(0));
        left.tv_sec = static_cast<time_t>(ns / 1'000'000'000);
        left.tv_nsec = static_cast<long>(ns % 1'000'000'000);
    }
    if (::ppoll(watched.data(), watched.size(), limit ? &left : nullptr, nullptr) <= 0)
        for (auto& w : watched)
            w.revents = 0;
}

}  // namespace cofu::detail
