// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Values sent to another process and back without one, whole or damaged on the way.

#include <cofu/error.hpp>
#include <cofu/serialization.hpp>

#include <cstddef>
#include <new>
#include <span>
#include <vector>

namespace cofu::test {

template <class T>
std::vector<std::byte> encoded(T const& value)
{
    byte_writer writer;
    encode(writer, value);
    return {writer.bytes().begin(), writer.bytes().end()};
}

template <class T>
T decoded(std::span<std::byte const> bytes)
{
    byte_reader reader(bytes);
    T value = decode<T>(reader);
    reader.expect_end();
    return value;
}

template <class T>
T round_trip(T const& value)
{
    return decoded<T>(encoded(value));
}

// Whether the bytes are a value, or are refused in the one way that is allowed. Anything else is
// thrown on, or found by a sanitizer. The bytes stand in a block of their own size.
template <class T>
bool refuses(std::vector<std::byte> const& bytes)
{
    try {
        decoded<T>(bytes);
        return false;
    } catch (transport_error const&) {
        return true;
    }
}

// How many of the true beginnings of the encoding are taken for a value.
template <class T>
std::size_t truncations_accepted(T const& value)
{
    auto const whole = encoded(value);
    std::size_t accepted = 0;
    for (std::size_t n = 0; n < whole.size(); ++n)
        accepted += !refuses<T>({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
    return accepted;
}

// Decodes the encoding with each byte set to each other value; gives how many were tried.
template <class T>
std::size_t try_every_change(T const& value)
{
    auto bytes = encoded(value);
    std::size_t tried = 0;
    for (auto& byte : bytes) {
        auto const before = byte;
        for (unsigned change = 1; change < 256; ++change, ++tried) {
            byte = before ^ std::byte(change);
            refuses<T>(bytes);
        }
        byte = before;
    }
    return tried;
}

}  // namespace cofu::test
