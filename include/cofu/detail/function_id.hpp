// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A function's name between processes that run the same program: which module (the program or a
// shared library, by its build-id) and how far into it. Addresses differ from one process to the
// next, these do not.

#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>
#include <cofu/config.hpp>

#include <cstdint>
#include <string_view>

namespace cofu::detail {

struct function_id {
    std::uint64_t module = 0;    // hash of the module's build-id
    std::uint64_t offset = 0;    // from where the module is loaded
    std::string_view path = {};  // where to load it from; empty for the program itself

    friend bool operator==(function_id const& a, function_id const& b) noexcept
    {
        return a.module == b.module && a.offset == b.offset;
    }
};

// The name of the function at `address`. The path lives as long as the process. Throws
// transport_error if no module's code is there (as in code made at run time).
COFU_DECL function_id identify_function(void const* address);

// Where that function is in this process. A module that is not loaded is loaded by its path. Throws
// transport_error for a module that this process does not have, and for an offset that is no code.
COFU_DECL void* find_function(function_id const& id);

// The program's own build, as function_id::module.
COFU_DECL std::uint64_t program_build();

inline void encode_function_id(byte_writer& writer, function_id const& id)
{
    std::uint64_t const head[] = {id.module, id.offset, id.path.size()};
    writer.write(head, sizeof head);
    writer.write(id.path.data(), id.path.size());
}

// The path is part of the bytes that are read.
inline function_id decode_function_id(byte_reader& reader)
{
    std::uint64_t head[2];
    reader.read(head, sizeof head);
    std::size_t const length = reader.read_count(1);
    auto const* const path = reinterpret_cast<char const*>(reader.take(length));
    return {head[0], head[1], {path, length}};
}

}  // namespace cofu::detail
