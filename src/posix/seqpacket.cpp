// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "seqpacket.hpp"

#include "system_calls.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>

namespace cofu::detail {

namespace {

constexpr std::size_t control_size = CMSG_SPACE(max_descriptors * sizeof(int));

void take_descriptors(msghdr& header, descriptors& fds) noexcept
{
    std::size_t count = 0;
    for (auto* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (std::size_t i = 0; CMSG_LEN((i + 1) * sizeof(int)) <= c->cmsg_len; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
            unique_fd owned(fd);
            if (count < fds.size())
                fds[count++] = std::move(owned);
        }
    }
}

}  // namespace

std::pair<unique_fd, unique_fd> seqpacket_pair()
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw_system_error(errno, "can't start a worker", "socketpair");
    return {unique_fd(ends[0]), unique_fd(ends[1])};
}

void set_non_blocking(int socket)
{
    int const flags = fcntl(socket, F_GETFL);
    if (flags < 0 || fcntl(socket, F_SETFL, flags | O_NONBLOCK) != 0)
        throw_system_error(errno, "can't start a worker", "fcntl");
}

int send_packet(int socket, void const* data, std::size_t size, std::span<int const> fds) noexcept
{
    iovec bytes{const_cast<void*>(data), size};
    alignas(cmsghdr) char control[control_size] = {};
    msghdr header{};
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    if (!fds.empty()) {
        header.msg_control = control;
        header.msg_controllen = CMSG_SPACE(fds.size_bytes());
        auto* const c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(fds.size_bytes());
        std::memcpy(CMSG_DATA(c), fds.data(), fds.size_bytes());
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &header, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : 0;
}

received receive_packet(int socket, void* data, std::size_t size, descriptors& fds) noexcept
{
    iovec bytes{data, size};
    alignas(cmsghdr) char control[control_size];
    msghdr header{};
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    ssize_t got;
    do
        got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? received::nothing : received::closed;
    take_descriptors(header, fds);
    if (got == 0)
        return received::closed;
    if (static_cast<std::size_t>(got) != size || (header.msg_flags & MSG_TRUNC) != 0)
        return received::malformed;
    return (header.msg_flags & MSG_CTRUNC) != 0 ? received::no_room : received::message;
}

}  // namespace cofu::detail
