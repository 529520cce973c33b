// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A worker's own look-out for the program: the second line, behind the fork server.

namespace cofu::detail {

// From now on this process ends at once when the program has ended or the channel was hung up,
// whatever its calls do. False, with errno: the thread for it can't be made. All signals are
// blocked in that thread.
bool watch_parent(int channel, int parent_pidfd) noexcept;

}  // namespace cofu::detail
