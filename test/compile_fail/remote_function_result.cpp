// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: its_result
// expect first: a function pointer can't be a result

#include <cofu/process_pool_executor.hpp>

int twice(int);

void send(cofu::process_pool_executor& pool)
{
    pool.submit([] { return &twice; });
}
