// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A server's coroutine hands slow calls to a pool and waits without blocking its thread.

#include <cofu.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>
#include <vector>

namespace asio = boost::asio;

namespace {

bool is_prime(int n)
{
    for (int i = 2; i * i <= n; ++i)
        if (n % i == 0)
            return false;
    return n > 1;
}

// Slow: the thread of a server's loop must not do this.
int count_primes(int first, int last)
{
    int count = 0;
    for (int n = first; n < last; ++n)
        count += is_prime(n);
    return count;
}

}  // namespace

// [readme]
asio::awaitable<int> answer(cofu::thread_pool_executor& pool)
{
    // This coroutine waits; its thread goes on with other sockets, timers and coroutines.
    int const whole = co_await pool.submit(count_primes, 0, 100'000);

    // Ten calls at once, each result as soon as it is there.
    std::vector<cofu::future<int>> calls;
    for (int first = 0; first < 100'000; first += 10'000)
        calls.push_back(pool.submit(count_primes, first, first + 10'000));
    int sum = 0;
    auto completed = cofu::as_completed(calls);
    while (auto call = co_await completed.async_next())
        sum += call.result();

    co_return sum == whole ? whole : -1;
}

int main()
{
    asio::io_context io;
    cofu::thread_pool_executor pool;  // no thread yet: they start with the calls
    auto primes = asio::co_spawn(io, answer(pool), cofu::as_future);
    io.run();
    std::cout << primes.result() << " primes below 100,000\n";
    return primes.result() == 9'592 ? 0 : 1;
}
// [/readme]
