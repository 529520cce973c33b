// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Waiting for a condition that nobody announces, with a limit. The only place of the tests that
// sleeps.
#pragma once

#include "sanitizers.hpp"

#include <chrono>
#include <concepts>
#include <functional>

namespace cofu::test {

/// How long a test waits for something that ought to happen at once.
inline constexpr std::chrono::milliseconds default_limit = std::chrono::seconds(5) * time_factor;

namespace detail {
bool poll(std::function<bool()> const& done, std::chrono::milliseconds limit);
}

/// True as soon as `done()` is true; false when it was not within `limit`.
template <std::predicate Predicate>
bool poll_until(Predicate&& done, std::chrono::milliseconds limit = default_limit)
{
    return detail::poll(std::ref(done), limit);
}

} // namespace cofu::test
