// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The server: accepts, answers one request after another on each connection, stops gracefully.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <set>

#include "connection.hpp"
#include "work.hpp"

namespace package_server {

/// Runs on one io_context of one thread; everything is touched from there only.
class server {
public:
    /// Listens on 127.0.0.1; port 0 takes a free one. Throws boost::system::system_error.
    /// `unsafe`: /crash is answered too.
    server(asio::io_context& loop, std::uint16_t port, work& slow, bool unsafe);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    /// No new connections; answers under way get five seconds. io_context::run() returns then.
    void stop();

private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(asio::ip::tcp::socket socket);
    asio::awaitable<bool> serve_one(connection& client);
    asio::awaitable<void> answer(request const& asked, connection& client);

    asio::ip::tcp::acceptor acceptor_;
    asio::steady_timer grace_;
    work& slow_;
    bool const unsafe_;
    std::set<connection*> clients_;
    bool stopping_ = false;
};

}  // namespace package_server
