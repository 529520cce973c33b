// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Which release of this library a process runs, whatever executable holds it.

#include "build_id.hpp"

namespace cofu::detail {

// The same in all executables that hold the same release, built by the same compiler with the same
// Boost: such processes understand each other. Never equal to what the linker notes.
build_id library_release() noexcept;

}  // namespace cofu::detail
