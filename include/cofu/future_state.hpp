// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Where a call stands.

#include <cofu/config.hpp>

#include <iosfwd>

namespace cofu {

/// Where a call stands. Exactly one holds at any time; the last two are final.
///
/// `pending` becomes `running` or `cancelled`; `running` becomes `finished`; nothing else happens.
/// A promise whose value is set without `set_running_or_notify_cancel` goes from `pending` to
/// `finished`.
enum class future_state {
    pending,    ///< nobody has begun it; it can be cancelled
    running,    ///< a worker has taken it; it can only be asked to stop
    cancelled,  ///< it will never run
    finished    ///< it has a value or an exception
};

/// Prints the enumerator's name.
COFU_DECL std::ostream& operator<<(std::ostream& os, future_state state);

}  // namespace cofu
