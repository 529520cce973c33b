// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Decodes any bytes as one of several types, which the first byte chooses. They are refused by a
// transport_error, or they are a value; a value can be sent again and comes out the same.

#include <cofu/error.hpp>
#include <cofu/serialization.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace cofu::test {

template <class T>
std::vector<std::byte> encoded_again(std::span<std::byte const> bytes)
{
    byte_reader reader(bytes);
    T const value = decode<T>(reader);
    reader.expect_end();
    byte_writer writer;
    encode(writer, value);
    return {writer.bytes().begin(), writer.bytes().end()};
}

template <class T>
void try_as(std::span<std::byte const> bytes)
{
    std::vector<std::byte> once;
    try {
        once = encoded_again<T>(bytes);
    } catch (transport_error const&) {
        return;
    }
    // The first time a container may bring its elements into order.
    if (once != encoded_again<T>(once))
        std::abort();
}

template <class... T>
void try_as_one_of(std::uint8_t const* data, std::size_t size)
{
    static constexpr void (*attempts[])(std::span<std::byte const>) = {&try_as<T>...};
    if (size != 0)
        attempts[data[0] % sizeof...(T)](
            std::as_bytes(std::span<std::uint8_t const>(data + 1, size - 1)));
}

}  // namespace cofu::test
