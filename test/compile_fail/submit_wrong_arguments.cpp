// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: can't be called with these arguments

#include <cofu/thread_pool_executor.hpp>

#include <string>

void start(cofu::thread_pool_executor& pool)
{
    pool.submit([](std::string const& s) { return s.size(); }, 42);
}
