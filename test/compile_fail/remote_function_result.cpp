// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: its_result
// expect: a function pointer can't be a result

#include <cofu/detail/remote_call.hpp>

int twice(int);

void send(cofu::byte_writer& to)
{
    cofu::detail::encode_call(to, [] { return &twice; });
}
