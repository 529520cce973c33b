// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Time, paths, bits, error codes.

#include "fuzz/decode.hpp"

#include <bitset>
#include <chrono>
#include <complex>
#include <filesystem>
#include <system_error>
#include <vector>

namespace {

using time_point = std::chrono::system_clock::time_point;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    cofu::test::try_as_one_of<std::chrono::nanoseconds,
                              std::vector<time_point>,
                              std::filesystem::path,
                              std::vector<std::bitset<13>>,
                              std::complex<float>,
                              std::vector<std::error_code>,
                              std::vector<boost::system::error_code>,
                              std::chrono::year_month_day>(data, size);
    return 0;
}
