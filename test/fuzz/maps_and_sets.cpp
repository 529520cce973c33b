// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Ordered containers. Unordered ones hold their elements in an order of their own, see values.cpp.

#include "fuzz/decode.hpp"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    cofu::test::try_as_one_of<std::set<int>,
                              std::multiset<std::string>,
                              std::map<int, std::string>,
                              std::multimap<std::string, bool>,
                              std::map<std::string, std::map<short, std::set<char>>>>(data, size);
    return 0;
}
