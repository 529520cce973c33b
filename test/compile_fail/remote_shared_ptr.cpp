// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<1>
// expect first: where nothing is shared
// expect first: std::unique_ptr

#include <cofu/process_pool_executor.hpp>

#include <memory>

void send(cofu::process_pool_executor& pool, std::shared_ptr<int> const& number)
{
    pool.submit([](std::shared_ptr<int> n) { return *n; }, number);
}
