// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "image_marker.hpp"

#include "system_calls.hpp"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

constexpr char variable[] = "COFU_WORKER_PROCESS";

// "PID.NONCE"
image_marker parse(std::string_view text) noexcept
{
    image_marker marker;
    marker.present = true;
    auto const dot = text.find('.');
    if (dot == text.npos || text.size() - dot != marker.nonce.size())
        return marker;
    text.copy(marker.nonce.data(), marker.nonce.size() - 1, dot + 1);
    std::from_chars(text.data(), text.data() + dot, marker.starter);
    return marker;
}

image_marker take_from_environment() noexcept
{
    char const* const value = std::getenv(variable);
    if (value == nullptr)
        return {};
    auto const marker = parse(value);
    unsetenv(variable);
    fcntl(image_marker::socket, F_SETFD, FD_CLOEXEC);
    return marker;
}

// Before the program's static initialisers could hand it on to a child of theirs.
[[gnu::constructor(101)]] void take_early() { own_marker(); }

template <class T>
bool get_option(int socket, int option, T& value) noexcept
{
    socklen_t size = sizeof value;
    return getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 && size == sizeof value;
}

}  // namespace

launch_nonce make_nonce()
{
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        throw_system_error(errno, "can't start a worker", "getrandom");
    launch_nonce nonce{};
    for (std::size_t i = 0; i < sizeof bytes; ++i) {
        nonce[2 * i] = "0123456789abcdef"[bytes[i] / 16];
        nonce[2 * i + 1] = "0123456789abcdef"[bytes[i] % 16];
    }
    return nonce;
}

std::string environment_entry(image_marker const& marker)
{
    return std::string(variable) + "=" + std::to_string(marker.starter) + "." + marker.nonce.data();
}

image_marker const& own_marker() noexcept
{
    static image_marker const marker = take_from_environment();
    return marker;
}

char const* fault_of(image_marker const& marker) noexcept
{
    // A set-user-id program must not take orders from its caller's environment.
    if (getauxval(AT_SECURE) != 0)
        return "it runs with raised privileges";
    int domain = 0, type = 0;
    ucred peer{};
    if (marker.starter <= 0 || !get_option(marker.socket, SO_DOMAIN, domain)
        || !get_option(marker.socket, SO_TYPE, type) || domain != AF_UNIX || type != SOCK_SEQPACKET
        || !get_option(marker.socket, SO_PEERCRED, peer))
        return "nobody is at the other end";
    if (peer.pid != marker.starter || peer.uid != geteuid())
        return "somebody else is at the other end";
    return nullptr;
}

}  // namespace cofu::detail
