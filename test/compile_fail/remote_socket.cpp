// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<1>
// expect first: this type can't cross to another process

#include <cofu/process_pool_executor.hpp>

#include <boost/asio/ip/tcp.hpp>

using socket_type = boost::asio::ip::tcp::socket;

void send(cofu::process_pool_executor& pool, socket_type const& socket)
{
    pool.submit([](socket_type s) { return s.is_open(); }, socket);
}
