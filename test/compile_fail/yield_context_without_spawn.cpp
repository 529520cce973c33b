// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: include <cofu/spawn.hpp>

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/spawn.hpp>

int twice(cofu::thread_pool_executor& pool, boost::asio::yield_context yield)
{
    return 2 * pool.submit([] { return 21; })(yield);
}
