// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: only a function without captures can run in a worker process

#include <cofu/process_pool_executor.hpp>

#include <boost/asio/post.hpp>

void start(cofu::process_pool_executor& pool)
{
    int i = 0;
    boost::asio::post(pool.get_remote_executor(), [i] { (void)i; });
}
