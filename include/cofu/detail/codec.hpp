// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a value is written to bytes and read from them: codec<T>, of which each family of types is a
// specialisation. It has
//     parts        types<...> that must cross too
//     refused      why no such value crosses, refusal::none if it does as far as T itself decides
//     least_size   so many bytes are written at least (where it crosses)
//     bytewise     whether copying its bytes is right, so that an array is one copy
//     names_functions  a function pointer, which crosses towards a worker only
//     write, read  only instantiated where all parts cross

#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>

#include <cstddef>
#include <type_traits>

namespace cofu::detail {

// Why a type can't cross to another process.
enum class refusal {
    none,
    pointer,             // also null pointers
    member_pointer,
    reference,
    reference_wrapper,
    view,                // refers to memory that belongs to somebody else
    shared,              // has an identity, which a copy has not
    type_erased,         // what is inside is not known
    array,               // a C array
    function_result,     // a function pointer that a worker would send
    stateful_functor,    // a container's order or hash with data of its own
    polymorphic,
    inherits,            // an aggregate with a base class
    unassignable,        // an aggregate that may have a reference among its members
    boost_serialization, // has serialize(), but the header that uses it is not included
    unknown
};

template <class... T>
struct types {};

template <class T>
struct codec;
template <class T>
struct codec<T const> : codec<T> {};

// What all codecs have unless they say otherwise.
struct codec_traits {
    using parts = types<>;
    static constexpr refusal refused = refusal::none;
    static constexpr std::size_t least_size = 0;
    static constexpr bool bytewise = false;
    static constexpr bool names_functions = false;
};

template <refusal Why>
struct refusing_codec : codec_traits {
    static constexpr refusal refused = Why;
};

template <class T>
void encode_value(byte_writer& writer, T const& value)
{
    codec<T>::write(writer, value);
}

template <class T>
T decode_value(byte_reader& reader)
{
    return codec<T>::read(reader);
}

// Elements of a container. One that takes no bytes gets one, so that a count can always be checked
// against the bytes that are left.
template <class T>
inline constexpr std::size_t element_size = codec<T>::least_size == 0 ? 1 : codec<T>::least_size;

template <class T>
void encode_element(byte_writer& writer, T const& value)
{
    if constexpr (codec<T>::least_size == 0)
        writer.write("", 1);
    encode_value<T>(writer, value);
}

template <class T>
T decode_element(byte_reader& reader)
{
    if constexpr (codec<T>::least_size == 0)
        reader.take(1);
    return decode_value<T>(reader);
}

// How much room to make for `count` elements: never more than a few times the bytes that are left,
// however large an element is in memory.
template <class T>
std::size_t room_for(std::size_t count, byte_reader const& reader)
{
    std::size_t const held = reader.left() / sizeof(T) + 1;
    return count < held ? count : held;
}

}  // namespace cofu::detail
