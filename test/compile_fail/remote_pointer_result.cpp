// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: its_result
// expect first: because_of<const char*>
// expect first: a pointer can't cross to another process

#include <cofu/process_pool_executor.hpp>

void send(cofu::process_pool_executor& pool)
{
    pool.submit([](int n) { return n > 0 ? "more" : "less"; }, 1);
}
