// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: the_function
// expect first: a pointer to member can't cross to another process
// expect first: pass a captureless lambda

#include <cofu/process_pool_executor.hpp>

#include <string>

void send(cofu::process_pool_executor& pool, std::string const& word)
{
    pool.submit(&std::string::size, word);
}
