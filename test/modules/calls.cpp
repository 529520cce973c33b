// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "modules/calls.hpp"

#include <filesystem>
#include <stdexcept>

int twice_in_library(int n)
{
    if (n < 0)
        throw std::out_of_range("less than nothing");
    return 2 * n;
}

int length_of_program_name(int)
{
    return static_cast<int>(std::filesystem::read_symlink("/proc/self/exe").filename().string().size());
}

template CALLS_EXPORT void cofu::detail::run_decoded<int (*)(int), int>(byte_reader&, std::stop_token,
                                                                       byte_writer&, run_stage&);
