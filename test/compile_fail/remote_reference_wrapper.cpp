// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: std::ref can't cross to another process
// expect: pass a copy, and return what changed

#include <cofu/detail/remote_call.hpp>

#include <functional>
#include <vector>

void send(cofu::byte_writer& to, std::vector<int>& numbers)
{
    cofu::detail::encode_call(to, [](std::vector<int>& n) { n.clear(); }, std::ref(numbers));
}
