// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http_error.hpp"
#include "routes.hpp"

namespace package_server {

using asio::ip::tcp;

server::server(asio::io_context& loop, std::uint16_t port, work& slow, bool unsafe)
    : acceptor_(loop, {asio::ip::address_v4::loopback(), port}),
      grace_(loop),
      slow_(slow),
      unsafe_(unsafe)
{
    asio::co_spawn(loop, accept(), asio::detached);
}

asio::awaitable<void> server::accept()
{
    for (;;) {
        auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (stopping_)
            co_return;
        if (!error) {
            asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
            continue;
        }
        // Out of descriptors, most likely: let some connections end first.
        asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> server::serve(tcp::socket socket)
{
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    connection client(std::move(socket));
    clients_.insert(&client);
    try {
        while (co_await serve_one(client)) {
        }
    } catch (std::exception const&) {
        // The client went away while it was being sent an answer: nobody is left to tell.
    }
    clients_.erase(&client);
    if (stopping_ && clients_.empty())
        grace_.cancel();
}

// False when the connection is to be closed. The answer and the watch over the socket run side by
// side, and the first to end cancels the other: a client that hangs up takes back its calls.
asio::awaitable<bool> server::serve_one(connection& client)
{
    using namespace asio::experimental::awaitable_operators;
    std::optional<http_error> refused;
    std::optional<request> asked;
    try {
        asked = co_await client.read_request();
    } catch (http_error const& e) {
        refused = e;
    }
    if (refused) {
        client.close_after_answer();
        co_await send_error(client, refused->status(), refused->what());
        co_return false;
    }
    if (!asked)
        co_return false;
    if (stopping_)
        client.close_after_answer();
    co_await (answer(*asked, client) || client.hung_up());
    co_return client.complete() && client.keep_alive() && !stopping_;
}

// Never throws: an operation that throws would leave the watch over the socket waiting.
asio::awaitable<void> server::answer(request const& asked, connection& client)
{
    http_error failure(http::status::internal_server_error, "");
    try {
        co_return co_await route(asked, client, slow_, unsafe_);
    } catch (http_error const& e) {
        failure = e;
    } catch (std::exception const& e) {
        failure = http_error(http::status::internal_server_error,
                             std::string("the server failed, its log may tell more: ") + e.what());
    }
    if (client.answering())
        co_return;  // too late for a status: the answer stays incomplete
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return;
    try {
        co_await send_error(client, failure.status(), failure.what());
    } catch (std::exception const&) {
        // Gone meanwhile.
    }
}

void server::stop()
{
    stopping_ = true;
    acceptor_.close();
    for (auto* client : clients_)
        if (client->waiting())
            client->close();
    if (clients_.empty())
        return;
    grace_.expires_after(std::chrono::seconds(5));
    grace_.async_wait([this](boost::system::error_code error) {
        if (error)
            return;
        for (auto* client : clients_)
            client->close();
    });
}

}  // namespace package_server
