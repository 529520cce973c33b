// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The standard error stream of a worker, on its way to the program's.

#include <posix/unique_fd.hpp>

#include <cstddef>
#include <string>

namespace cofu::detail {

class stderr_tee {
public:
    // `pipe`: its end for reading, non-blocking. What is read goes to `out`.
    stderr_tee(unique_fd pipe, int out) noexcept : pipe_(std::move(pipe)), out_(out) {}

    // Readable when copy() has something to do; -1 after the pipe's end.
    int descriptor() const noexcept { return pipe_.get(); }
    bool waiting() const noexcept { return !waiting_.empty(); }

    // What there is, as far as it can be written. Blocks never: what finds no room for too long is
    // left out, and said so.
    void copy();

    // The end of all that was written.
    std::string const& tail() const noexcept { return tail_; }

private:
    static constexpr std::size_t tail_size = 4096, most_waiting = 256 * 1024;

    void take(char const* text, std::size_t size);
    void write_waiting();

    unique_fd pipe_;
    int out_;
    std::string waiting_;
    std::string tail_;
    std::size_t left_out_ = 0;
};

}  // namespace cofu::detail
