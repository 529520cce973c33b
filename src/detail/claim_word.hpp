// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The words of a claim page: a slot for each call that was sent to a worker, one compare-exchange
// for each step. doc/design/process-dispatch.md has the picture.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace cofu::detail::claim_word {

// The call's id and where it stands. With the id in the word a late step of an earlier call fails.
using word = std::uint64_t;

inline constexpr word state_mask = 3;
inline constexpr word sent = 0;       // the parent has sent it, nobody has begun it
inline constexpr word claimed = 1;    // the worker begins, or has begun, user code
inline constexpr word withdrawn = 2;  // the parent took it back; the worker skips it
inline constexpr word finished = 3;   // ended, its answer not written yet (batched answers)

constexpr word make(std::uint64_t call, word state) { return call << 2 | state; }
constexpr std::uint64_t call_of(word w) { return w >> 2; }
constexpr word state_of(word w) { return w & state_mask; }

// The next word, or nothing where the step is not to be had.
constexpr std::optional<word> claim(word w, std::uint64_t call)
{
    return w == make(call, sent) ? std::optional(make(call, claimed)) : std::nullopt;
}

constexpr std::optional<word> withdraw(word w, std::uint64_t call)
{
    return w == make(call, sent) ? std::optional(make(call, withdrawn)) : std::nullopt;
}

constexpr std::optional<word> finish(word w, std::uint64_t call)
{
    return w == make(call, claimed) ? std::optional(make(call, finished)) : std::nullopt;
}

// Whether a worker that died with this word in the slot had begun the call.
constexpr bool has_begun(word w, std::uint64_t call)
{
    return w == make(call, claimed) || w == make(call, finished);
}

}  // namespace cofu::detail::claim_word

namespace cofu::detail {

inline constexpr std::size_t claim_slots = 16;

// The slots as they stood at one moment; what the parent judges a dead worker by.
using claim_snapshot = std::array<claim_word::word, claim_slots>;

}  // namespace cofu::detail
