// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The program's side of its fork server: one process, shared by all pools.

#include <posix/build_id.hpp>
#include <posix/credentials.hpp>
#include <posix/exec_image.hpp>

#include <memory>
#include <string>

namespace cofu::detail {

class fork_server_process {
public:
    // The one of this executable that runs, or a new one; "" is the program's own. Throws
    // std::system_error; invalid_state_error without the hook. May be called from any thread.
    static std::shared_ptr<fork_server_process> get(std::string const& executable);

    explicit fork_server_process(std::string const& executable);
    // Told to end, and waited for: unless workers go on in it.
    ~fork_server_process();
    fork_server_process(fork_server_process const&) = delete;
    fork_server_process& operator=(fork_server_process const&) = delete;

    // A link more: this end of it. Throws std::system_error.
    unique_fd open_link();

    // Whether the process is still allowed what it was then.
    bool has_same_credentials() const { return credentials_ == credentials::current(); }

    // What its hello has to say.
    build_id const& build() const noexcept { return build_; }

    // No pool gets this one any more.
    void abandon() noexcept;
    // The same, and its workers go on in it.
    void retire() noexcept;
    void kill() noexcept;

private:
    credentials const credentials_ = credentials::current();
    std::uint64_t const epoch_;
    build_id const build_;  // of another executable: the library's release
    unique_fd control_;
    unseen_process process_;
    bool retired_ = false;
};

}  // namespace cofu::detail
