// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: use std::array or std::vector

#include <cofu/detail/remote_call.hpp>

struct board {
    int width;
    char squares[64];
};

void send(cofu::byte_writer& to, board const& b)
{
    cofu::detail::encode_call(to, [](board const& given) { return given.width; }, b);
}
