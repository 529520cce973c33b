// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "started_image.hpp"

#include "fork_server.hpp"
#include "seqpacket.hpp"
#include "worker_process.hpp"

#include <cstdio>

#include <unistd.h>

namespace cofu::detail {

namespace {

[[noreturn]] void refuse(char const* why) noexcept
{
    std::fprintf(
        stderr,
        "cofu: this process was told to be a worker of a process pool, but %s; workers are "
        "started by pools only\n",
        why);
    _exit(2);
}

// The first message lies in the socket before the process is made.
launch_request first_message(image_marker const& marker, descriptors& fds)
{
    set_non_blocking(marker.socket);
    launch_request request;
    auto const got = receive_message(marker.socket, request, fds);
    if (got == received::closed)
        _exit(0);
    if (got != received::message || request.nonce != marker.nonce)
        refuse("the first message is not the one that a pool sends");
    return request;
}

}  // namespace

void run_started_image(image_marker const& marker, int argc, char** argv)
{
    if (char const* const fault = fault_of(marker))
        refuse(fault);
    remember_title(argc, argv);
    unique_fd socket(marker.socket);
    descriptors fds;
    auto const request = first_message(marker, fds);
    if (request.kind == request_kind::start) {
        socket.reset();
        become_worker(request.setup, take_worker_descriptors(request.setup, fds));
    }
    fork_server(std::move(socket), std::move(fds[0]), request.build).run();
}

}  // namespace cofu::detail
