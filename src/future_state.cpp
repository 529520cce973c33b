// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/future_state.hpp>

#include <ostream>

namespace cofu {

std::ostream& operator<<(std::ostream& os, future_state state)
{
    switch (state) {
    case future_state::pending: return os << "pending";
    case future_state::running: return os << "running";
    case future_state::cancelled: return os << "cancelled";
    case future_state::finished: return os << "finished";
    }
    return os << "unknown";
}

}  // namespace cofu
