// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A shared library that the test program is linked with.

#include <cstddef>
#include <vector>

#if defined(__GNUC__)
#define MODULE_EXPORT __attribute__((visibility("default")))
#endif

MODULE_EXPORT int library_function(int n);

struct MODULE_EXPORT library_class {
    static int member(int a, int b);
};

// A call of a lambda that is compiled into the library.
MODULE_EXPORT std::vector<std::byte> library_lambda_call(int n);

// What plugins have: the same, under a name without a type.
extern "C" {
MODULE_EXPORT void plugin_lambda_call(int n, std::vector<std::byte>& call);
MODULE_EXPORT int plugin_function(int n);
}
