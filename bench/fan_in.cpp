// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S6: N calls are submitted and their results are taken as they complete; the time a call.

#include "support/contender.hpp"
#include "support/pools.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::experimental::wait_for_all;
using boost::system::error_code;

constexpr std::size_t calls = 30'000;  // at least, in batches of N

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

// An operation that completes with a number, by a thread of the pool.
struct number_op {
    asio::thread_pool* pool;
    long number;

    template <class Token>
    auto operator()(Token&& token) const
    {
        auto const initiate = [](auto&& handler, asio::thread_pool* pool, long number) {
            asio::post(*pool, [h = std::forward<decltype(handler)>(handler), number]() mutable {
                std::move(h)(number);
            });
        };
        return asio::async_initiate<Token, void(long)>(initiate, token, pool, number);
    }
};

// The order of completion is known only when all are done.
struct asio_parallel_group {
    asio::thread_pool pool;

    explicit asio_parallel_group(std::size_t workers) : pool(workers) {}

    long batch(std::size_t n)
    {
        std::vector<number_op> all;
        all.reserve(n);
        for (std::size_t i = 0; i < n; ++i)
            all.push_back({&pool, static_cast<long>(i)});
        std::promise<long> sum;
        auto result = sum.get_future();
        asio::experimental::make_parallel_group(std::move(all))
            .async_wait(wait_for_all(), [sum = std::move(sum)](std::vector<std::size_t> order,
                                                               std::vector<long> numbers) mutable {
                long s = 0;
                for (auto i : order)
                    s += numbers[i];
                sum.set_value(s);
            });
        return result.get();
    }
};

using number_channel = asio::experimental::concurrent_channel<void(error_code, long)>;

asio::awaitable<void> receive(number_channel& channel, std::size_t n, long& sum)
{
    for (; n != 0; --n)
        sum += co_await channel.async_receive(asio::deferred);
}

struct asio_channel {
    asio::thread_pool pool;
    asio::io_context io;

    explicit asio_channel(std::size_t workers) : pool(workers), io(1) {}

    long batch(std::size_t n)
    {
        auto const channel = std::make_shared<number_channel>(io, n);
        for (std::size_t i = 0; i < n; ++i)
            asio::post(pool, [channel, i] {
                bench::expect(channel->try_send(error_code(), static_cast<long>(i)),
                              "the channel is full");
            });
        long sum = 0;
        asio::co_spawn(io, receive(*channel, n, sum), rethrow);
        io.restart();
        io.run();
        return sum;
    }
};

auto submit_numbers(cofu::thread_pool_executor& pool, std::size_t n)
{
    std::vector<cofu::future<long>> all;
    all.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
        all.push_back(pool.submit([i] { return static_cast<long>(i); }));
    return all;
}

constexpr auto as_they_complete = [](auto const& all) { return cofu::as_completed(all); };
constexpr auto all_at_once = [](auto const& all) { return cofu::wait(all).done; };

template <auto Take>
struct cofu_blocking {
    cofu::thread_pool_executor pool;

    explicit cofu_blocking(std::size_t workers) : pool(workers) {}

    long batch(std::size_t n)
    {
        auto const all = submit_numbers(pool, n);
        long sum = 0;
        for (auto const& f : Take(all))
            sum += f.result();
        return sum;
    }
};

using number_stream = cofu::completion_stream<cofu::future<long>>;

asio::awaitable<void> add_up(number_stream& stream, long& sum)
{
    while (auto f = co_await stream.async_next())
        sum += f.result();
}

// Suspended only where nothing is done.
asio::awaitable<void> add_up_all_there(number_stream& stream, long& sum)
{
    while (auto f = co_await stream.async_next())
        for (; f; f = stream.try_next())
            sum += f.result();
}

template <asio::awaitable<void> (*AddUp)(number_stream&, long&)>
struct cofu_coroutine {
    cofu::thread_pool_executor pool;
    asio::io_context io;

    explicit cofu_coroutine(std::size_t workers) : pool(workers), io(1) {}

    long batch(std::size_t n)
    {
        auto const all = submit_numbers(pool, n);
        auto stream = cofu::as_completed(all);
        long sum = 0;
        asio::co_spawn(io, AddUp(stream, sum), rethrow);
        io.restart();
        io.run();
        return sum;
    }
};

template <class Way>
bench::outcome fan_in(std::size_t n)
{
    auto const batches = std::max<std::size_t>(1, bench::scaled(calls / n));
    auto const expected = static_cast<long>(n * (n - 1) / 2);
    Way way(bench::options().workers);
    bench::expect(way.batch(n) == expected, "the results are wrong");

    bench::meter const meter;
    for (std::size_t i = 0; i < batches; ++i)
        bench::expect(way.batch(n) == expected, "the results are wrong");
    return meter.read(batches * n);
}

template <class Way>
struct contenders {
    explicit contenders(std::string const& name)
    {
        for (std::size_t const n : {100, 1'000, 10'000, 100'000})
            bench::contender("S6/" + std::to_string(n) + "/" + name,
                             [n] { return fan_in<Way>(n); });
    }
};

contenders<asio_parallel_group> const parallel_group("asio_parallel_group");
contenders<asio_channel> const channel("asio_channel");
contenders<cofu_blocking<as_they_complete>> const as_completed("cofu_as_completed");
contenders<cofu_blocking<all_at_once>> const wait_for_each("cofu_wait");
contenders<cofu_coroutine<add_up>> const async_next("cofu_async_next");
contenders<cofu_coroutine<add_up_all_there>> const try_next("cofu_try_next");

}  // namespace
