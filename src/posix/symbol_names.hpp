// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The functions of an executable or library, by the symbol table in its file.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cofu::detail {

struct symbol_name {
    std::string name;          // as in the file; empty: not found
    std::uint64_t offset = 0;  // from where it begins
};

// Those that hold these offsets of the module (module_info::base). `id`: module_info::id; a file of
// another build gives no names. 0: any build. Files may hold anything. Throws std::bad_alloc.
std::vector<symbol_name> symbol_names(char const* file, std::uint64_t id,
                                      std::span<std::uint64_t const> offsets);

}  // namespace cofu::detail
