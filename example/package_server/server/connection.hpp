// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// One client's connection: requests in, whole or streamed answers out.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace package_server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using request = http::request<http::empty_body>;

class connection {
public:
    explicit connection(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    /// The next request; nothing when the client has gone or is silent for 30 s.
    /// Throws http_error for what is no acceptable request; the stream is unusable then.
    asio::awaitable<std::optional<request>> read_request();

    /// Completes when the client has gone, by error or end of stream (a client that only shuts down
    /// its sending side counts as gone). What it sends meanwhile is kept for read_request.
    asio::awaitable<void> hung_up();

    asio::awaitable<void> send(http::status status, std::string_view type, std::string body);

    /// An answer of unknown length: send_chunk any number of times, then end_stream.
    asio::awaitable<void> begin_stream(std::string_view type);
    asio::awaitable<void> send_chunk(std::string text);
    asio::awaitable<void> end_stream();

    bool answering() const noexcept { return answering_; }  ///< a header has been sent
    bool complete() const noexcept { return complete_; }    ///< and the whole answer too
    bool keep_alive() const noexcept { return keep_alive_; }
    bool waiting() const noexcept { return waiting_; }  ///< for a request, idle otherwise
    void close_after_answer() noexcept { keep_alive_ = false; }
    void close();

private:
    asio::awaitable<std::optional<request>> receive();
    http::response<http::empty_body> head(http::status status, std::string_view type) const;

    asio::ip::tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
    bool answering_ = false;
    bool complete_ = false;
    bool keep_alive_ = true;
    bool waiting_ = false;
    unsigned version_ = 11;
};

}  // namespace package_server
