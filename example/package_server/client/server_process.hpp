// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The server as a process of its own, so that it and the demo's client don't share a loop.

#pragma once

#include <cstdint>

#include "../options.hpp"
#include "child.hpp"

namespace package_server {

/// This program with --serve on a free port.
class server_process {
public:
    server_process(options const& o, bool blocking);
    ~server_process();
    std::uint16_t port() const noexcept { return port_; }
    void stop();  ///< SIGTERM; throws std::runtime_error unless it ends cleanly within 15 s

private:
    child child_;
    std::uint16_t port_ = 0;
};

}  // namespace package_server
