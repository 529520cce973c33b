// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Clients that hang up take back what they asked for: seen from outside, by /stats.

#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <chrono>

#include "http_get.hpp"
#include "verify.hpp"

namespace package_server {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::object stats(std::uint16_t port)
{
    return json::parse(http_get(port, "/stats").body).as_object();
}

std::int64_t number(json::object const& stats, char const* name)
{
    auto const* found = stats.if_contains(name);
    if (!found)
        throw std::runtime_error(std::string("/stats tells no '") + name + "'");
    return found->to_number<std::int64_t>();
}

// Far more queries at once than workers, and all clients gone as soon as they have asked.
void ask_and_hang_up(std::uint16_t port)
{
    asio::io_context context;
    for (int i = 0; i != 48; ++i) {
        asio::ip::tcp::socket socket(context);
        socket.connect({asio::ip::address_v4::loopback(), port});
        asio::write(socket, asio::buffer(std::string_view("GET /search?q=a HTTP/1.1\r\n\r\n")));
    }
}

bool settled(json::object const& stats)
{
    return number(stats, "queued") == 0 && number(stats, "running") == 0;
}

}  // namespace

std::string verify_hang_up(std::uint16_t port)
{
    auto const limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    auto const before = number(stats(port), "cancelled");
    ask_and_hang_up(port);
    for (auto now = stats(port);; now = stats(port)) {
        bool const withdrawn = number(now, "cancelled") > before;
        if (withdrawn && settled(now))
            return {};
        if (std::chrono::steady_clock::now() > limit)
            return withdrawn ? "calls of clients that hung up still run after 10 s"
                             : "no call of 48 clients that hung up was withdrawn";
        if (settled(now))
            ask_and_hang_up(port);
    }
}

}  // namespace package_server
