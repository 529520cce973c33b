// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The fork server's end of a link: answers wait here while the program does not read them, so that
// one pool never holds up the others.

#include <posix/launch_messages.hpp>
#include <posix/unique_fd.hpp>

#include <deque>

namespace cofu::detail {

class link_queue {
public:
    explicit link_queue(unique_fd socket);

    int socket() const noexcept { return socket_.get(); }
    bool waiting() const noexcept { return !answers_.empty(); }

    // With a descriptor or without.
    void send(launch_answer const& answer, unique_fd fd = {});
    // Sends what waits, as far as there is room.
    void flush();

private:
    struct entry {
        launch_answer answer;
        unique_fd fd;
    };

    unique_fd socket_;
    std::deque<entry> answers_;
};

}  // namespace cofu::detail
