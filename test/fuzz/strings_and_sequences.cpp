// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Strings and sequences.

#include "fuzz/decode.hpp"

#include <array>
#include <deque>
#include <forward_list>
#include <list>
#include <string>
#include <vector>

namespace {

struct empty {};
struct padded {
    char c;
    double d;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    cofu::test::try_as_one_of<std::string,
                              std::u32string,
                              std::vector<int>,
                              std::vector<padded>,
                              std::vector<bool>,
                              std::vector<std::vector<std::string>>,
                              std::deque<std::wstring>,
                              std::list<empty>,
                              std::forward_list<std::vector<empty>>,
                              std::array<std::string, 3>>(data, size);
    return 0;
}
