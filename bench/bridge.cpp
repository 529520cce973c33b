// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S5: coroutines of one io_context send calls to a pool, and go on with the result in the
// io_context. One coroutine: the round trip; 64 of them and 512: the throughput, also where two
// threads run the io_context.

#include "support/contender.hpp"
#include "support/pools.hpp"

#include <cofu/io_poll.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;

constexpr std::size_t trips = 5'000;    // of one coroutine
constexpr std::size_t calls = 100'000;  // of all
constexpr std::size_t coroutines = 64;
constexpr std::size_t many_coroutines = 512;

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

// The bridge that a program writes by hand: post there, post back. No error reaches the coroutine,
// nothing can be cancelled, and the io_context has to outlive the call.
template <class Pool>
struct post_and_back {
    Pool pool;

    explicit post_and_back(std::size_t workers) : pool(workers) {}

    asio::awaitable<long> call(asio::io_context& io, long number)
    {
        auto const initiate = [](auto&& handler, Pool* pool, asio::io_context* io, long number) {
            pool->post([io, number, h = std::forward<decltype(handler)>(handler)]() mutable {
                asio::post(*io, [h = std::move(h), number]() mutable { std::move(h)(number); });
            });
        };
        return asio::async_initiate<decltype(asio::use_awaitable), void(long)>(
            initiate, asio::use_awaitable, &pool, &io, number);
    }
};

struct cofu_submit {
    cofu::thread_pool_executor pool;

    explicit cofu_submit(std::size_t workers) : pool(workers) {}

    auto call(asio::io_context&, long number)
    {
        return pool.submit([number] { return number; });
    }
};

struct cofu_invoke {
    cofu::thread_pool_executor pool;

    explicit cofu_invoke(std::size_t workers) : pool(workers) {}

    auto call(asio::io_context&, long number)
    {
        return pool.async_invoke([number] { return number; });
    }
};

struct cofu_submit_no_poll : cofu_submit {
    using cofu_submit::cofu_submit;

    static void prepare(asio::io_context& io) { cofu::set_io_poll(io, cofu::io_poll::never); }
};

template <class Way>
asio::awaitable<void> go(Way& way, asio::io_context& io, std::size_t n, std::atomic<long>& sum)
{
    long own = 0;
    for (std::size_t i = 0; i < n; ++i)
        own += co_await way.call(io, static_cast<long>(i));
    sum += own;
}

template <class Way>
void run(Way& way, std::size_t each, std::size_t how_many, std::size_t threads)
{
    asio::io_context io(static_cast<int>(threads));
    if constexpr (requires { Way::prepare(io); })
        Way::prepare(io);
    std::atomic<long> sum = 0;
    for (std::size_t i = 0; i < how_many; ++i)
        asio::co_spawn(io, go(way, io, each, sum), rethrow);
    {
        std::vector<std::jthread> others;
        while (others.size() + 1 < threads)
            others.emplace_back([&io] { io.run(); });
        io.run();
    }
    auto const n = static_cast<long>(each);
    bench::expect(sum == n * (n - 1) / 2 * static_cast<long>(how_many), "the results are wrong");
}

template <class Way>
bench::outcome bridge(std::size_t all, std::size_t how_many, std::size_t threads = 1)
{
    auto const each = bench::scaled(all) / how_many + 1;
    Way way(bench::options().workers);
    run(way, each / 20 + 1, how_many, threads);

    bench::meter const meter;
    run(way, each, how_many, threads);
    return meter.read(each * how_many);
}

template <class Way>
struct contenders {
    explicit contenders(std::string const& name)
    {
        bench::contender("S5/1/" + name, [] { return bridge<Way>(trips, 1); });
        bench::contender("S5/64/" + name, [] { return bridge<Way>(calls, coroutines); });
        bench::contender("S5/512/" + name, [] { return bridge<Way>(calls, many_coroutines); });
        bench::contender("S5/64x2/" + name, [] { return bridge<Way>(calls, coroutines, 2); });
    }
};

struct post_and_back_contenders {
    template <class... Pools>
    explicit post_and_back_contenders(bench::pool_list<Pools...>)
    {
        (contenders<post_and_back<Pools>>(std::string(Pools::name) + "_back"), ...);
    }
};

using hand_written = decltype(bench::pool_list<bench::asio_post>() + bench::tbb_posting_pools()
                              + bench::pool_list<bench::cofu_post>());

post_and_back_contenders const by_hand((hand_written()));
contenders<cofu_submit> const submit("cofu_submit");
contenders<cofu_submit_no_poll> const no_poll("cofu_submit_no_poll");
contenders<cofu_invoke> const invoke("cofu_invoke");

}  // namespace
