// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include "connection.hpp"

namespace package_server {

http::response<http::empty_body> connection::head(http::status status, std::string_view type) const
{
    http::response<http::empty_body> response(status, version_);
    response.set(http::field::server, "package_server");
    response.set(http::field::content_type, {type.data(), type.size()});
    if (status == http::status::method_not_allowed)
        response.set(http::field::allow, "GET");
    response.keep_alive(keep_alive_);
    return response;
}

asio::awaitable<void> connection::send(http::status status, std::string_view type, std::string body)
{
    http::response<http::string_body> response(head(status, type).base());
    response.body() = std::move(body);
    response.prepare_payload();
    answering_ = true;
    co_await http::async_write(socket_, response, asio::use_awaitable);
    complete_ = true;
}

asio::awaitable<void> connection::begin_stream(std::string_view type)
{
    if (version_ < 11)
        keep_alive_ = false;  // HTTP/1.0 knows no chunks: the end is the close
    auto response = head(http::status::ok, type);
    response.chunked(version_ >= 11);
    http::response_serializer<http::empty_body> header(response);
    answering_ = true;
    co_await http::async_write_header(socket_, header, asio::use_awaitable);
}

asio::awaitable<void> connection::send_chunk(std::string text)
{
    if (text.empty())
        co_return;  // an empty chunk would end the stream
    if (version_ < 11)
        co_await asio::async_write(socket_, asio::buffer(text), asio::use_awaitable);
    else
        co_await asio::async_write(socket_, http::make_chunk(asio::buffer(text)),
                                   asio::use_awaitable);
}

asio::awaitable<void> connection::end_stream()
{
    if (version_ >= 11)
        co_await asio::async_write(socket_, http::make_chunk_last(), asio::use_awaitable);
    complete_ = true;
}

void connection::close()
{
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace package_server
