// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The command line.

#pragma once

#include <cstdint>
#include <string>

#include "data/package_db.hpp"

namespace package_server {

struct options {
    enum mode_type { help, serve, demo, check };
    mode_type mode = help;
    std::uint16_t port = 0;   ///< 0: a free one
    std::size_t workers = 0;  ///< 0: cofu's default
    bool blocking = false;    ///< handlers call slow work on the loop's thread
    bool unsafe = false;      ///< /crash is answered too
    std::uint64_t seed = 20260101;
    std::size_t connections = 64;
    unsigned seconds = 8;  ///< that the demo measures each of its two sides for
    int parent = 0;        ///< end when the process with this id has ended
    data_paths paths;
};

extern char const usage[];

/// Throws std::invalid_argument whose text names the wrong argument.
options parse_options(int argc, char const* const* argv);

}  // namespace package_server
