// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How map submits its calls and gives their results.

#include <cofu/task_options.hpp>

#include <chrono>
#include <cstddef>
#include <type_traits>

namespace cofu {

/// In which order `map` gives results.
enum class map_order {
    input,      ///< that of the inputs
    completion  ///< that in which the calls end
};

/// Options of `map`.
struct map_options {
    /// How many calls make one queue entry, at most `buffersize`; 0 chooses a number from the
    /// measured cost of a call.
    std::size_t chunksize = 1;
    /// How many calls may be submitted and not yet given; the inputs are read as it allows. All, by
    /// default.
    std::size_t buffersize = unlimited;
    /// For the whole, from the call of `map`; expiry cancels what is left.
    std::chrono::steady_clock::duration timeout = forever;
    /// In which order the results are given.
    map_order order = map_order::input;
};
static_assert(std::is_trivially_destructible_v<map_options>);

}  // namespace cofu
