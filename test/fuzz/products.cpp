// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Pairs, tuples, optionals, variants, owned values; chains as deep as they may be.

#include "fuzz/decode.hpp"

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace {

struct chain {
    char c;
    std::unique_ptr<chain> next;
};
using choice = std::variant<std::monostate, bool, std::string, std::vector<int>>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    cofu::test::try_as_one_of<std::pair<bool, std::string>,
                              std::tuple<char, std::string, std::tuple<bool>>,
                              std::optional<std::optional<std::string>>,
                              choice,
                              std::vector<choice>,
                              std::unique_ptr<chain>,
                              std::variant<chain, std::optional<chain>>>(data, size);
    return 0;
}
