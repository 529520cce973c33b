// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<2>
// expect: because_of<const char*>
// expect: a pointer can't cross to another process
// expect: a std::string for text

#include <cofu/detail/remote_call.hpp>

void send(cofu::byte_writer& to)
{
    cofu::detail::encode_call(
        to, [](int n, char const* text) { return text[n]; }, 3, "a string literal");
}
