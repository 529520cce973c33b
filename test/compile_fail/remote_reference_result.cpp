// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: its_result
// expect: a reference can't cross to another process

#include <cofu/detail/remote_call.hpp>

int total = 0;

void send(cofu::byte_writer& to)
{
    cofu::detail::encode_call(to, []() -> int& { return total; });
}
