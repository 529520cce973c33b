// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: include <cofu/spawn.hpp>

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/spawn.hpp>

void wait(cofu::thread_pool_executor& pool, boost::asio::yield_context yield)
{
    pool.async_invoke([] { return 21; }, boost::asio::as_tuple(yield));
}
