// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<1>
// expect first: it does not own its elements
// expect first: pass a std::string

#include <cofu/process_pool_executor.hpp>

#include <string_view>

void send(cofu::process_pool_executor& pool, std::string_view word)
{
    pool.submit([](std::string_view w) { return w.size(); }, word);
}
