// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A bounded queue: a fast producer waits for room instead of filling the memory.

#include <cofu.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <latch>
#include <numeric>
#include <vector>

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_queue = 4;
constexpr int blocks = 200;

std::uint64_t sum(std::vector<std::uint64_t> const& block)
{
    return std::accumulate(block.begin(), block.end(), std::uint64_t{0});
}

// Suspended while the queue is full. Where calls wait, blocks do: never more than the queue holds.
asio::awaitable<bool> produce(cofu::thread_pool_executor& pool)
{
    std::vector<cofu::future<std::uint64_t>> sums;
    std::size_t longest = 0;
    for (std::uint64_t i = 0; i < blocks; ++i) {
        std::vector<std::uint64_t> block(1'000, i);
        sums.push_back(co_await pool.async_submit(cofu::call(sum, std::move(block))));
        longest = std::max(longest, pool.stats().queued);
    }

    std::uint64_t total = 0;
    for (auto& s : sums)
        total += co_await std::move(s);
    std::cout << "at most " << longest << " blocks waited; the sum is " << total << '\n';
    co_return longest <= max_queue&& total == 1'000 * (blocks - 1) * blocks / 2;
}

// Who can't wait is told at once, and nothing has been moved from.
bool refuses_when_full()
{
    cofu::thread_pool_executor pool(cofu::thread_pool_options{.max_workers = 1, .max_queue = 1});
    std::latch begun(1);
    std::latch may_end(1);
    pool.submit([&] {
        begun.count_down();
        may_end.wait();
    });
    begun.wait();  // the only worker is busy
    auto queued = pool.submit([] { return 1; });

    bool const refused = !pool.try_submit([] { return 2; });
    bool thrown = false;
    try {
        pool.submit([] { return 3; });
    } catch (cofu::queue_full_error const& e) {
        std::cout << e.what() << '\n';
        thrown = true;
    }
    may_end.count_down();
    return refused && thrown && queued.result() == 1;
}

}  // namespace

int main()
{
    asio::io_context io;
    cofu::thread_pool_executor pool(
        cofu::thread_pool_options{.max_workers = 2, .max_queue = max_queue});
    auto produced = asio::co_spawn(io, produce(pool), cofu::as_future);
    io.run();
    return produced.result() && refuses_when_full() ? 0 : 1;
}
