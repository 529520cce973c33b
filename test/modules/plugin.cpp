// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "modules/library.hpp"

#include <cofu/detail/remote_call.hpp>

int plugin_function(int n) { return n * PLUGIN_FACTOR; }

void plugin_lambda_call(int n, std::vector<std::byte>& call)
{
    cofu::byte_writer writer;
    cofu::detail::encode_call(writer, [](int a) { return a * PLUGIN_FACTOR; }, n);
    call.assign(writer.bytes().begin(), writer.bytes().end());
}
