// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The program that every consumer project builds.
#include <cofu.hpp>

int main()
{
    cofu::thread_pool_executor pool;
    return pool.submit([](int a) { return a + 1; }, 41).result() == 42 ? 0 : 1;
}
