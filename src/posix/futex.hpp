// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Sleeping until a word changes. Waking needs the word's address only: the word may be gone, as
// that of a waiter who saw the change and left.

#include <cofu/detail/deadline.hpp>

#include <atomic>
#include <cstdint>

namespace cofu::detail {

using futex_word = std::atomic<std::uint32_t>;

// Returns when woken, when the word is not `expected`, when the time is over, or for no reason.
void futex_wait(futex_word& word, std::uint32_t expected, deadline const& limit = {}) noexcept;
void futex_wake(futex_word const* address, unsigned count) noexcept;

}  // namespace cofu::detail
