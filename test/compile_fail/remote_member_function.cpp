// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: the_function
// expect: a pointer to member can't cross to another process
// expect: pass a captureless lambda

#include <cofu/detail/remote_call.hpp>

#include <string>

void send(cofu::byte_writer& to, std::string const& word)
{
    cofu::detail::encode_call(to, &std::string::size, word);
}
