// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include "http_error.hpp"

namespace package_server {
namespace {

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t max_header = 8 * 1024;
constexpr std::size_t max_target = 2 * 1024;
constexpr std::size_t max_read_ahead = 64 * 1024;

asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(quiet);
}

[[noreturn]] void refuse(boost::beast::error_code error)
{
    if (error == http::error::header_limit)
        throw http_error(http::status::request_header_fields_too_large,
                         "the header is longer than 8192 bytes: send fewer or shorter fields");
    if (error == http::error::unexpected_body || error == http::error::body_limit)
        throw http_error(http::status::bad_request,
                         "the request has a body: every address here answers a plain GET");
    throw http_error(http::status::bad_request,
                     "not an HTTP/1.1 request (" + error.message() + "): send GET / HTTP/1.1");
}

}  // namespace

asio::awaitable<std::optional<request>> connection::receive()
{
    http::request_parser<http::empty_body> parser;
    parser.header_limit(max_header);
    auto [error, size] = co_await http::async_read(socket_, buffer_, parser, quiet);
    if (error
        && (error.category() != make_error_code(http::error::bad_method).category()
            || error == http::error::end_of_stream || error == http::error::partial_message))
        co_return std::nullopt;
    if (error)
        refuse(error);
    if (parser.get().target().size() > max_target)
        throw http_error(http::status::uri_too_long,
                         "the address is longer than 2048 bytes: names and words here are short");
    keep_alive_ = parser.keep_alive();
    version_ = parser.get().version();
    co_return parser.release();
}

asio::awaitable<std::optional<request>> connection::read_request()
{
    using namespace asio::experimental::awaitable_operators;
    answering_ = complete_ = false;
    waiting_ = true;
    std::optional<request> received;
    std::optional<http_error> refused;
    // A parallel operation that throws counts as not done: errors leave it as values.
    auto const read = [&]() -> asio::awaitable<void> {
        try {
            received = co_await receive();
        } catch (http_error const& e) {
            refused = e;
        }
    };
    co_await (read() || wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(30)));
    waiting_ = false;
    if (refused)
        throw *refused;
    co_return received;
}

asio::awaitable<void> connection::hung_up()
{
    while (buffer_.size() < max_read_ahead) {
        auto [error, size] = co_await socket_.async_read_some(buffer_.prepare(4096), quiet);
        buffer_.commit(size);
        if (error)
            co_return;
    }
    co_await wait_until(std::chrono::steady_clock::time_point::max());
}

}  // namespace package_server
