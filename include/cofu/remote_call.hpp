// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A call that is kept for another process, as a pool's initializer.

#include <cofu/call.hpp>
#include <cofu/detail/remote_call.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <span>
#include <type_traits>
#include <vector>

namespace cofu {

/// A function with its arguments, encoded once for worker processes: from `cofu::call(f, args...)`
/// of things that may cross (see `transportable`), or from a function or captureless lambda that
/// takes nothing. What the function returns is dropped.
///
/// Thread safety: distinct objects: safe; shared objects: const members only.
class remote_call {
public:
    /// No call.
    remote_call() = default;

    /// Encodes a call of `f`.
    ///
    /// Exceptions: `transport_error` if it can't be encoded, `std::bad_alloc`.
    template <class F>
        requires(!std::same_as<std::decay_t<F>, remote_call>)
    remote_call(F const& f)
    {
        byte_writer writer;
        detail::encode_call(writer, f);
        bytes_.assign(writer.bytes().begin(), writer.bytes().end());
    }

    /// There is a call.
    explicit operator bool() const noexcept { return !bytes_.empty(); }
    /// The encoded call.
    std::span<std::byte const> bytes() const noexcept { return bytes_; }

private:
    std::vector<std::byte> bytes_;
};

}  // namespace cofu
