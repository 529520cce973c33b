// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Blocking calls beside sockets: one coroutine on one thread reads a TCP socket *while* it awaits
// calls of a pool, and the loop goes on turning all the while.

#include <cofu.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <exception>
#include <iostream>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

namespace {

// What a program shares with a blocking call; here the call holds on until it is let go.
struct door {
    std::counting_semaphore<> open{0};

    int pass(int ticket)
    {
        open.acquire();  // blocks a worker of the pool, never the loop
        return ticket;
    }
};

// Posts itself again and again: it can go on only while nothing blocks the loop.
void turn(asio::io_context& loop, long& turns, bool const& over)
{
    ++turns;
    if (!over)
        asio::post(loop, [&] { turn(loop, turns, over); });
}

asio::awaitable<std::string> read_some(tcp::socket& socket)
{
    std::string text(16, '\0');
    text.resize(co_await socket.async_read_some(asio::buffer(text), asio::use_awaitable));
    co_return text;
}

// Each byte that arrives lets one blocking call go, and each call that ends has the peer send
// another: neither the socket nor the pool is ever waited for alone.
asio::awaitable<void> serve(tcp::socket& socket, tcp::socket& peer, door& d,
                            cofu::thread_pool_executor& pool, long& turns)
{
    std::vector<cofu::future<int>> calls;
    for (int ticket = 0; ticket < 4; ++ticket)
        calls.push_back(pool.submit(&door::pass, &d, ticket));

    auto done = cofu::as_completed(calls);
    std::size_t bytes = 0, ended = 0;
    long const turns_before = turns;
    co_await asio::async_write(peer, asio::buffer("x", 1), asio::use_awaitable);
    while (ended < calls.size()) {
        // Whatever comes first; the other wait is abandoned. Never are both ready at once here,
        // and `||` would drop the one that is not first.
        auto const first = co_await (read_some(socket) || done.async_next(asio::use_awaitable));
        if (first.index() == 0) {
            bytes += std::get<0>(first).size();
            std::cout << "socket: a byte; a call may pass\n";
            d.open.release();
        } else {
            std::cout << "pool: call " << std::get<1>(first).result() << " ended\n";
            if (++ended < calls.size())
                co_await asio::async_write(peer, asio::buffer("x", 1), asio::use_awaitable);
        }
    }

    // A whole set beside the socket, which is silent now.
    calls.push_back(pool.submit(&door::pass, &d, 4));
    d.open.release();
    auto const all = co_await (cofu::async_wait(calls, asio::use_awaitable) || read_some(socket));
    bool const right = all.index() == 0 && std::get<0>(all).done.size() == calls.size()
                       && bytes == ended && turns > turns_before;
    if (!right)
        throw std::runtime_error("the loop did not turn, or something was lost");
    std::cout << "the loop turned all the while\n";
}

}  // namespace

int main()
{
    asio::io_context loop(1);
    cofu::thread_pool_executor pool(4);
    door d;

    tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
    tcp::socket peer(loop), socket(loop);
    peer.connect(acceptor.local_endpoint());
    acceptor.accept(socket);

    long turns = 0;
    bool over = false;
    std::exception_ptr error;
    turn(loop, turns, over);
    co_spawn(loop, serve(socket, peer, d, pool, turns), [&](std::exception_ptr e) {
        error = e;
        over = true;
        d.open.release(4);  // whatever happened, nobody stays behind the door
    });
    loop.run();
    return error ? 1 : 0;
}
