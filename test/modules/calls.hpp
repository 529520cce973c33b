// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A library whose functions run in workers of another program.

#pragma once

#include <cofu/detail/remote_call.hpp>

#define CALLS_EXPORT __attribute__((visibility("default")))

// Throws std::out_of_range for a negative number.
CALLS_EXPORT int twice_in_library(int n);

// Of the executable that this process runs.
CALLS_EXPORT int length_of_program_name(int);

// What the workers call first is code of the library, not of whoever submits.
extern template CALLS_EXPORT void cofu::detail::run_decoded<int (*)(int), int>(
    byte_reader&, std::stop_token, byte_writer&, run_stage&);
