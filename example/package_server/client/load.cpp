// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "load.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <random>

#include "answer_check.hpp"
#include "choice.hpp"

namespace package_server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

struct load {
    load_plan const& plan;
    load_result result;
    clock::time_point end;
    std::size_t sent = 0;

    bool more() { return clock::now() < end && sent++ < plan.max_requests; }
    void wrong(std::string what)
    {
        if (result.wrong++ == 0)
            result.first_wrong = std::move(what);
    }
};

// Half of the requests need nothing but the loop; a twentieth reads and hashes files.
question ask(load_plan const& plan, std::mt19937_64& random)
{
    auto const& p = plan.asked[random() % plan.asked.size()];
    auto const draw = random() % 100;
    if (draw < 50)
        return {ping, {}, {}};
    if (draw < 85)
        return {packages, {}, p};
    if (draw < 95)
        return {search, search_words[random() % std::size(search_words)], {}};
    return {digest, {}, p};
}

asio::awaitable<http::response<http::string_body>> get(tcp::socket& socket, std::string target)
{
    http::request<http::empty_body> request(http::verb::get, target, 11);
    request.set(http::field::host, "127.0.0.1");
    co_await http::async_write(socket, request, use_awaitable);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    co_await http::async_read(socket, buffer, parser, use_awaitable);
    co_return parser.release();
}

asio::awaitable<void> one_connection(load& l, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    tcp::socket socket(co_await asio::this_coro::executor);
    co_await socket.async_connect({asio::ip::address_v4::loopback(), l.plan.port}, use_awaitable);
    socket.set_option(tcp::no_delay(true));
    while (l.more()) {
        auto const q = ask(l.plan, random);
        auto const begin = clock::now();
        auto const answer = co_await get(socket, target_of(q));
        l.result.latency[q.about].push_back(clock::now() - begin);
        auto fault = check_answer(q, answer.result_int(), answer.body());
        if (!fault.empty())
            l.wrong(target_of(q) + ": " + fault);
    }
}

}  // namespace

std::size_t load_result::requests() const
{
    std::size_t sum = 0;
    for (auto const& list : latency)
        sum += list.size();
    return sum;
}

void load_result::add(load_result const& other)
{
    for (std::size_t i = 0; i != latency.size(); ++i)
        latency[i].insert(latency[i].end(), other.latency[i].begin(), other.latency[i].end());
    elapsed += other.elapsed;
    wrong += other.wrong;
    if (first_wrong.empty())
        first_wrong = other.first_wrong;
}

load_result run_load(load_plan const& plan)
{
    asio::io_context loop(1);
    auto const begin = clock::now();
    load l{plan, {}, begin + plan.time};
    for (std::size_t i = 0; i != plan.connections; ++i)
        asio::co_spawn(loop, one_connection(l, plan.seed + i), [&l](std::exception_ptr error) {
            if (!error)
                return;
            try {
                std::rethrow_exception(error);
            } catch (std::exception const& e) {
                l.wrong(std::string("a connection broke: ") + e.what());
            }
        });
    loop.run_for(plan.time + std::chrono::seconds(10));
    l.result.elapsed = clock::now() - begin;
    if (!loop.stopped())
        l.wrong("an answer took longer than 10 s");
    return std::move(l.result);
}

}  // namespace package_server
