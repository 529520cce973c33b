// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Messages with descriptors over Unix sockets that keep message borders.

#include <posix/unique_fd.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace cofu::detail {

// More never travel in one message.
inline constexpr std::size_t max_descriptors = 4;
using descriptors = std::array<unique_fd, max_descriptors>;

// Both ends close on exec. Throws std::system_error.
std::pair<unique_fd, unique_fd> seqpacket_pair();

void set_non_blocking(int socket);

// 0, or the errno. Never raises SIGPIPE; the descriptors stay the caller's.
int send_packet(int socket, void const* data, std::size_t size, std::span<int const> fds) noexcept;

enum class received {
    message,    // of exactly that size, and with all its descriptors
    nothing,    // would block
    closed,     // the peer is gone
    malformed,  // of another size
    no_room     // a message, but this process has no room for its descriptors
};

received receive_packet(int socket, void* data, std::size_t size, descriptors& fds) noexcept;

// Fixed-size messages that begin with their magic and version.
template <class Message>
int send_message(int socket, Message const& message, std::span<int const> fds = {}) noexcept
{
    return send_packet(socket, &message, sizeof message, fds);
}

template <class Message>
received receive_message(int socket, Message& message, descriptors& fds) noexcept
{
    auto const r = receive_packet(socket, &message, sizeof message, fds);
    if ((r == received::message || r == received::no_room) && !message.is_ours())
        return received::malformed;
    return r;
}

}  // namespace cofu::detail
