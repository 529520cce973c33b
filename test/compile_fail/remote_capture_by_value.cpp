// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: the_function
// expect: a lambda with captures: pass what it captures as arguments

#include <cofu/detail/remote_call.hpp>

#include <string>

void send(cofu::byte_writer& to, std::string const& word)
{
    cofu::detail::encode_call(to, [word] { return word.size(); });
}
