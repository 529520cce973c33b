// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Owns a file descriptor.

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace cofu::detail {

class unique_fd {
public:
    unique_fd() noexcept = default;
    explicit unique_fd(int fd) noexcept : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}
    unique_fd& operator=(unique_fd&& other) noexcept
    {
        reset(other.release());
        return *this;
    }
    ~unique_fd() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int release() noexcept { return std::exchange(fd_, -1); }
    // Keeps errno: it is often called on the way to an error's text.
    void reset(int fd = -1) noexcept
    {
        if (int const old = std::exchange(fd_, fd); old >= 0 && old != fd) {
            int const error = errno;
            ::close(old);
            errno = error;
        }
    }

private:
    int fd_ = -1;
};

}  // namespace cofu::detail
