// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A child process of the demo: its server, dpkg-query, sha256sum.

#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace package_server {

/// A program started with its standard output in a pipe. The destructor kills it if it still runs.
class child {
public:
    explicit child(std::vector<std::string> const& command, bool show_errors = true);
    ~child();
    child(child const&) = delete;
    child& operator=(child const&) = delete;

    std::string read_line();
    std::string read_all();
    void signal(int number);
    bool running() const noexcept { return pid_ > 0; }
    /// Exit status, 128 + N for signal N; -1 when it has not closed its output in time.
    int wait(int milliseconds);

private:
    pid_t pid_ = -1;
    int output_ = -1;
};

/// What the program prints; its exit status is ignored. Throws when it can't be started.
std::string output_of(std::vector<std::string> const& command);

}  // namespace package_server
