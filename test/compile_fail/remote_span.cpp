// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<1>
// expect first: it does not own its elements
// expect first: std::vector

#include <cofu/process_pool_executor.hpp>

#include <span>

void send(cofu::process_pool_executor& pool, std::span<int const> numbers)
{
    pool.submit([](std::span<int const> n) { return n.size(); }, numbers);
}
