// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: the_function
// expect first: a std::function can't cross to another process
// expect first: pass a function pointer

#include <cofu/process_pool_executor.hpp>

#include <functional>

void send(cofu::process_pool_executor& pool, std::function<int(int)> const& work)
{
    pool.submit(work, 1);
}
