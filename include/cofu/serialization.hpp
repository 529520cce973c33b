// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What may cross to another process, and how a type of your own can.

#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>
#include <cofu/detail/codec_associative.hpp>
#include <cofu/detail/codec_product.hpp>
#include <cofu/detail/codec_sequence.hpp>
#include <cofu/detail/codec_value.hpp>
#include <cofu/detail/codec_vocabulary.hpp>
#include <cofu/detail/crossing.hpp>

#include <concepts>
#include <type_traits>

namespace cofu {

/// The hook for types of your own: specialise it with two static members,
///
///     template <>
///     struct cofu::serializer<money> {
///         static void write(cofu::byte_writer& to, money const& m) { cofu::encode(to, m.cents()); }
///         static money read(cofu::byte_reader& from) { return money(cofu::decode<long>(from)); }
///     };
///
/// Aggregates whose members may cross, and the types that `transportable` lists, need none.
/// `read` is given bytes that another process wrote: it checks what its type relies on and calls
/// `byte_reader::fail` where that does not hold.
template <class T>
struct serializer;

/// Values of `T` can cross to another process as arguments and results: numbers, enumerations,
/// empty classes; std strings, containers, `pair`, `tuple`, `optional`, `variant`, `unique_ptr` to
/// a value of exactly its type; `chrono` durations, time points and calendar types,
/// `filesystem::path`, `complex`, `bitset`, error codes of known categories; aggregates of these;
/// types with a `serializer` or `transport_as_bytes`; types of Boost.Serialization with <cofu/boost_serialization.hpp>.
/// Function pointers cross as arguments only.
///
/// Not: pointers, references, views, `shared_ptr`, `std::function`, C arrays, and classes whose
/// inside is private. Limits: 100 levels of nesting.
template <class T>
concept transportable = std::same_as<T, std::remove_cvref_t<T>> && detail::crosses<T>;

/// Writes `value` to `writer`.
///
/// Exceptions: `transport_error` if it is too large or nested too deeply, `std::bad_alloc`, what a
/// serializer throws.
template <transportable T>
void encode(byte_writer& writer, T const& value)
{
    detail::encode_value<T>(writer, value);
}

/// Reads a `T` that `encode` wrote.
///
/// Exceptions: `transport_error` if the bytes are none, `std::bad_alloc`, what a serializer throws.
template <transportable T>
T decode(byte_reader& reader)
{
    return detail::decode_value<T>(reader);
}

}  // namespace cofu
