// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "library.hpp"

#include <cofu.hpp>

int add_one(int a)
{
    cofu::thread_pool_executor pool;
    return pool.submit([a] { return a + 1; }).result();
}
