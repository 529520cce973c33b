// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a fork server was given at its start and can't change: workers must not have more, or less,
// than the program has now.

#include <vector>

#include <sys/types.h>

namespace cofu::detail {

struct credentials {
    uid_t user = 0;  // effective
    gid_t group = 0;
    std::vector<gid_t> groups;
    bool no_new_privileges = false;

    // Of the calling process.
    static credentials current();

    friend bool operator==(credentials const&, credentials const&) = default;
};

}  // namespace cofu::detail
