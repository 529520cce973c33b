// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "modules/library.hpp"

#include <cofu/detail/remote_call.hpp>

namespace {

int bias = 1000;

}  // namespace

int library_function(int n) { return n + bias; }

int library_class::member(int a, int b) { return a * b + bias; }

std::vector<std::byte> library_lambda_call(int n)
{
    cofu::byte_writer writer;
    cofu::detail::encode_call(writer, [](int a) { return 7 * a + bias; }, n);
    return {writer.bytes().begin(), writer.bytes().end()};
}
