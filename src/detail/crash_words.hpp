// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a worker that died still said.

#include "../posix/claim_page.hpp"

#include <cofu/detail/late_text.hpp>

#include <optional>
#include <string>

namespace cofu::detail {

struct crash_words {
    std::string summary;  // one line; empty if it said nothing
    late_text whole = "";  // with the stack, and the end of its standard error stream
};

// Throws std::bad_alloc.
crash_words words_of(std::optional<last_words> page, std::string stderr_tail);

}  // namespace cofu::detail
