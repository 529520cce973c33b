// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// When a wait for several futures is over.

namespace cofu {

/// When `wait` and `async_wait` return. A cancelled future is done, and is no exception.
enum class return_when {
    all_completed,    ///< when all are done
    first_completed,  ///< when one is done
    first_exception   ///< when one ended with an exception, or all are done
};

}  // namespace cofu
