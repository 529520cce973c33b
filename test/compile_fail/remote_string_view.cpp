// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: it does not own its elements
// expect: pass a std::string

#include <cofu/detail/remote_call.hpp>

#include <string_view>

void send(cofu::byte_writer& to, std::string_view word)
{
    cofu::detail::encode_call(to, [](std::string_view w) { return w.size(); }, word);
}
