// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: cofu::as_future
// expect: co_spawn

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/awaitable.hpp>

boost::asio::awaitable<int> answer();

void start(cofu::thread_pool_executor& pool)
{
    pool.submit(answer);
}
