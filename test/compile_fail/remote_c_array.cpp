// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<1>
// expect first: use std::array or std::vector

#include <cofu/process_pool_executor.hpp>

struct board {
    int width;
    char squares[64];
};

void send(cofu::process_pool_executor& pool, board const& b)
{
    pool.submit([](board const& given) { return given.width; }, b);
}
