// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: cofu::as_future
// expect first: co_spawn

#include <cofu/process_pool_executor.hpp>

#include <boost/asio/awaitable.hpp>

boost::asio::awaitable<int> answer();

void send(cofu::process_pool_executor& pool)
{
    pool.submit(answer);
}
