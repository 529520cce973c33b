// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: the_function
// expect: a std::function can't cross to another process
// expect: pass a function pointer

#include <cofu/detail/remote_call.hpp>

#include <functional>

void send(cofu::byte_writer& to, std::function<int(int)> const& work)
{
    cofu::detail::encode_call(to, work, 1);
}
