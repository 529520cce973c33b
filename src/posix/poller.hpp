// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Waits for many descriptors and one point in time. It has a descriptor of its own, so that it can
// itself be waited for, by Asio or by another poller.

#include "unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace cofu::detail {

class poller {
public:
    struct event {
        std::uint64_t tag;
        bool is_readable;  // also: at its end, or failed
        bool has_room;     // can be written to
    };
    using time_point = std::chrono::steady_clock::time_point;

    // Throws std::system_error.
    poller();

    int descriptor() const noexcept { return epoll_.get(); }

    // Until it is removed, tells when the descriptor can be read. False, with errno: it can't.
    bool add(int fd, std::uint64_t tag) noexcept;
    // Tells when it can be written to as well, or no longer.
    void watch_room(int fd, std::uint64_t tag, bool watch) noexcept;
    void remove(int fd) noexcept;

    // From any thread: the next blocking wait, or the present one, ends. Others do not see it, so one
    // thread may wait blocking while others look.
    void wake() noexcept;
    // Waits end then; nothing: they do not.
    void set_deadline(std::optional<time_point> deadline) noexcept;

    // What happened; with `block`, waits until something has, or for the limit. Wakes and deadlines
    // are not among it.
    std::span<event> wait(std::span<event> room, bool block,
                          std::optional<time_point> limit = {}) noexcept;

private:
    unique_fd epoll_;
    unique_fd wake_;  // not in the epoll set
    unique_fd timer_;
    std::optional<time_point> deadline_;  // what the timer is set to
};

}  // namespace cofu::detail
