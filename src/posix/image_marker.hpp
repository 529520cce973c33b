// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The note in the environment of a process that this library started from the program's own
// executable: it is no second run of the program.

#include <posix/launch_messages.hpp>

#include <string>

#include <sys/types.h>

namespace cofu::detail {

struct image_marker {
    static constexpr int socket = 3;  // where its first message comes from

    bool present = false;
    pid_t starter = 0;     // who made that socket
    launch_nonce nonce{};  // the first message has it too
};

// Random. Throws std::system_error.
launch_nonce make_nonce();

// The environment's entry, "NAME=value".
std::string environment_entry(image_marker const& marker);

// The one of this process; taken out of the environment by the first call. What can't be read is a
// marker that nobody made: it has no starter.
image_marker const& own_marker() noexcept;

// Why the marker is not to be believed, or null.
char const* fault_of(image_marker const& marker) noexcept;

}  // namespace cofu::detail
