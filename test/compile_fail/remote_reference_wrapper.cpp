// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<1>
// expect first: std::ref can't cross to another process
// expect first: pass a copy, and return what changed

#include <cofu/process_pool_executor.hpp>

#include <functional>
#include <vector>

void send(cofu::process_pool_executor& pool, std::vector<int>& numbers)
{
    pool.submit([](std::vector<int>& n) { n.clear(); }, std::ref(numbers));
}
