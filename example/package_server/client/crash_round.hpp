// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Crashes under load: each costs its own request.

#pragma once

#include <string>

#include "load.hpp"

namespace package_server {

struct crash_result {
    std::string fault;         ///< what was not as it should be, or empty
    std::size_t crashes = 0;   ///< answered with 502
    double answered_ms = 0;    ///< median from the request to its 502
    double recovered_ms = 0;   ///< median from then to an answer of a worker process
    load_result load;          ///< of the others meanwhile
};

/// Blocks: `times` requests for /crash, one after another, while the load runs.
crash_result crash_under_load(load_plan plan, std::size_t times);

}  // namespace package_server
