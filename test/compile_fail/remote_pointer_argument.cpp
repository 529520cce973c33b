// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<2>
// expect first: because_of<const char*>
// expect first: a pointer can't cross to another process
// expect first: a std::string for text

#include <cofu/process_pool_executor.hpp>

void send(cofu::process_pool_executor& pool)
{
    pool.submit([](int n, char const* text) { return text[n]; }, 3, "a string literal");
}
