// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "link_queue.hpp"

#include "seqpacket.hpp"

#include <cerrno>

namespace cofu::detail {

link_queue::link_queue(unique_fd socket) : socket_(std::move(socket))
{
    set_non_blocking(socket_.get());
}

void link_queue::send(launch_answer const& answer, unique_fd fd)
{
    answers_.push_back({answer, std::move(fd)});
    flush();
}

void link_queue::flush()
{
    while (!answers_.empty()) {
        auto const& next = answers_.front();
        int const fd = next.fd.get();
        int const error =
            send_message(socket_.get(), next.answer, std::span<int const>(&fd, next.fd ? 1 : 0));
        // ETOOMANYREFS: the program has not taken out yet what is on its way to it.
        if (error == EAGAIN || error == ENOBUFS || error == ETOOMANYREFS)
            return;
        answers_.pop_front();
    }
}

}  // namespace cofu::detail
