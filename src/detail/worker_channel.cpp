// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "worker_channel.hpp"

#include "../posix/system_calls.hpp"

#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/socket.h>
#include <sys/uio.h>

namespace cofu::detail {

namespace {

constexpr std::size_t long_payload = 16 * 1024;

// How many bytes went; 0 where there is no room, or the channel failed.
std::size_t write_some(int channel, std::span<std::byte const> a, std::span<std::byte const> b) noexcept
{
    iovec parts[2] = {{const_cast<std::byte*>(a.data()), a.size()},
                      {const_cast<std::byte*>(b.data()), b.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = b.empty() ? 1 : 2;
    for (;;) {
        auto const n = ::sendmsg(channel, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0)
            return static_cast<std::size_t>(n);
        if (errno != EINTR)
            return 0;
    }
}

}  // namespace

bool worker_channel::append(std::span<std::byte const> bytes) noexcept
{
    try {
        unsent_.insert(unsent_.end(), bytes.begin(), bytes.end());
        return true;
    } catch (...) {
        return false;
    }
}

void worker_channel::has_process(unique_fd descriptor) noexcept
{
    pidfd = std::move(descriptor);
    if (std::exchange(owes_sigterm_, false))
        terminate();
}

void worker_channel::terminate() noexcept
{
    if (pidfd)
        pidfd_send_signal(pidfd.get(), SIGTERM);
    else
        owes_sigterm_ = true;
}

bool worker_channel::send(frame_header const& header, std::span<std::byte const> payload) noexcept
{
    auto const head = encode_header(header);
    if (payload.size() < long_payload || (has_unsent() && !flush()))
        return append(head) && append(payload);
    auto const n = write_some(channel.get(), head, payload);
    if (n >= head.size())
        return append(payload.subspan(n - head.size()));
    return append(std::span(head).subspan(n)) && append(payload);
}

bool worker_channel::flush() noexcept
{
    while (has_unsent()) {
        auto const n = write_some(channel.get(), std::span(unsent_).subspan(unsent_begin_), {});
        if (n == 0)
            return false;
        unsent_begin_ += n;
    }
    unsent_.clear();
    unsent_begin_ = 0;
    return true;
}

}  // namespace cofu::detail
