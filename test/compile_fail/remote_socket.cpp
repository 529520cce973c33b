// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: this type can't cross to another process

#include <cofu/detail/remote_call.hpp>

#include <boost/asio/ip/tcp.hpp>

using socket_type = boost::asio::ip::tcp::socket;

void send(cofu::byte_writer& to, socket_type const& socket)
{
    cofu::detail::encode_call(to, [](socket_type s) { return s.is_open(); }, socket);
}
