// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "stderr_tee.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <poll.h>
#include <unistd.h>

namespace cofu::detail {

void stderr_tee::copy()
{
    char text[4096];
    ssize_t got;
    while (pipe_ && (got = read(pipe_.get(), text, sizeof text)) != 0) {
        if (got < 0)
            break;
        take(text, static_cast<std::size_t>(got));
    }
    if (pipe_ && got == 0)
        pipe_.reset();
    write_waiting();
}

void stderr_tee::take(char const* text, std::size_t size)
{
    tail_.append(text, size);
    if (tail_.size() > tail_size)
        tail_.erase(0, tail_.size() - tail_size);
    auto const room = most_waiting - std::min(most_waiting, waiting_.size());
    waiting_.append(text, std::min(room, size));
    left_out_ += size - std::min(room, size);
}

void stderr_tee::write_waiting()
{
    std::size_t written = 0;
    while (written < waiting_.size()) {
        // A pipe that is ready takes PIPE_BUF bytes; its mode is the program's, not to be changed.
        pollfd room{out_, POLLOUT, 0};
        if (poll(&room, 1, 0) != 1)
            break;
        if (room.revents != POLLOUT) {  // nobody reads it any more
            waiting_.clear();
            left_out_ = 0;
            return;
        }
        auto const sent = write(out_, waiting_.data() + written,
                                std::min<std::size_t>(waiting_.size() - written, PIPE_BUF));
        if (sent < 0)
            break;
        written += static_cast<std::size_t>(sent);
    }
    waiting_.erase(0, written);
    if (waiting_.empty() && left_out_ != 0)
        waiting_ = "cofu: " + std::to_string(std::exchange(left_out_, 0))
                   + " bytes of a worker's standard error stream found no room here\n";
}

}  // namespace cofu::detail
