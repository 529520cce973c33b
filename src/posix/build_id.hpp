// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Which build of this library a process runs.

#include <array>
#include <cstdint>

namespace cofu::detail {

// What the linker noted in the module; all zero if it noted nothing.
struct build_id {
    std::array<std::uint8_t, 32> bytes{};

    friend bool operator==(build_id const&, build_id const&) = default;
};

// Of the executable or shared library that this code is in.
build_id build_id_of_this_library() noexcept;

}  // namespace cofu::detail
