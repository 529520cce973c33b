// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a dying worker leaves in its claim page: the signal, the exception, the stack.

#include "../posix/claim_page.hpp"

namespace cofu::detail {

// From now on a fatal signal of this process, and std::terminate, are told before they take their
// usual course; the exit status is what it would have been. Sanitizers keep their own handlers of
// signals. Once a process.
void leave_last_words_in(claim_page_layout& page) noexcept;

}  // namespace cofu::detail
