// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Every type that no other codec names: numbers, enumerations, the hook, aggregates, and the
// reasons why the rest can't cross.

#include <cofu/detail/codec.hpp>
#include <cofu/detail/codec_aggregate.hpp>
#include <cofu/detail/codec_product.hpp>
#include <cofu/fwd.hpp>

#include <array>
#include <bit>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace cofu {

/// True for a trivially copyable class that is no aggregate and may be sent as its bytes:
///
///     template <>
///     inline constexpr bool cofu::transport_as_bytes<colour> = true;
///
/// Preconditions: it has no pointer, reference or handle inside, and any bytes are a value of it.
template <class T>
inline constexpr bool transport_as_bytes = false;

namespace detail {

// The program gave it a serializer.
template <class T>
concept hooked = std::is_class_v<serializer<T>> && requires { sizeof(serializer<T>); };

template <class T>
struct hook_codec : codec_traits {
    static void write(byte_writer& writer, T const& value)
    {
        byte_writer::nested const deeper(writer);
        serializer<T>::write(writer, value);
    }
    static T read(byte_reader& reader)
    {
        byte_reader::nested const deeper(reader);
        return serializer<T>::read(reader);
    }
};

struct boolean_codec : codec_traits {
    static constexpr std::size_t least_size = 1;
    static void write(byte_writer& writer, bool value) { encode_flag(writer, value); }
    static bool read(byte_reader& reader) { return decode_flag(reader); }
};

// Its bytes as they are: both sides are the same program on the same machine.
template <class T>
struct byte_copy_codec : codec_traits {
    static_assert(std::is_trivially_copyable_v<T>,
                  "transport_as_bytes is for trivially copyable types only");
    static constexpr std::size_t least_size = sizeof(T);
    static constexpr bool bytewise = true;

    static void write(byte_writer& writer, T const& value) { writer.write(&value, sizeof value); }
    static T read(byte_reader& reader)
    {
        std::array<std::byte, sizeof(T)> bytes;
        reader.read(bytes.data(), bytes.size());
        return std::bit_cast<T>(bytes);
    }
};

template <class T>
struct boolean_enum_codec : boolean_codec {
    static void write(byte_writer& writer, T value) { encode_flag(writer, value != T()); }
    static T read(byte_reader& reader) { return static_cast<T>(decode_flag(reader)); }
};

// No data at all: tags, captureless lambdas.
template <class T>
struct empty_codec : codec_traits {
    static void write(byte_writer&, T const&) {}
    static T read(byte_reader&) { return std::bit_cast<T>(std::array<std::byte, sizeof(T)>()); }
};

// Has serialize() in the way of Boost.Serialization, as far as one can see from outside.
struct archive_probe {
    template <class T>
    archive_probe& operator&(T&&);
};
template <class T>
concept boost_serializable =
    requires(T& value, archive_probe& archive) { value.serialize(archive, 0u); } ||
    requires(T& value, archive_probe& archive) { serialize(archive, value, 0u); };

template <class T>
inline constexpr refusal class_refusal = refusal::unknown;
template <class T>
inline constexpr refusal class_refusal<std::reference_wrapper<T>> = refusal::reference_wrapper;
template <class C, class Traits>
inline constexpr refusal class_refusal<std::basic_string_view<C, Traits>> = refusal::view;
template <class T, std::size_t N>
inline constexpr refusal class_refusal<std::span<T, N>> = refusal::view;
template <class T>
inline constexpr refusal class_refusal<std::initializer_list<T>> = refusal::view;
template <class T>
inline constexpr refusal class_refusal<std::shared_ptr<T>> = refusal::shared;
template <class T>
inline constexpr refusal class_refusal<std::weak_ptr<T>> = refusal::shared;
template <class T>
inline constexpr refusal class_refusal<std::function<T>> = refusal::type_erased;

template <class T>
consteval auto choose_class_codec()
{
    if constexpr (class_refusal<T> != refusal::unknown)
        return std::type_identity<refusing_codec<class_refusal<T>>>();
    else if constexpr (transport_as_bytes<T>)
        return std::type_identity<byte_copy_codec<T>>();
    else if constexpr (boost_serializable<T>)
        return std::type_identity<refusing_codec<refusal::boost_serialization>>();
    else if constexpr (std::is_empty_v<T> && std::is_trivially_copyable_v<T>)
        return std::type_identity<empty_codec<T>>();
    else if constexpr (std::is_aggregate_v<T> && !std::is_union_v<T>)
        return std::type_identity<checked_aggregate_codec<T>>();
    else
        return std::type_identity<refusing_codec<refusal::unknown>>();
}

template <class T>
consteval auto choose_codec()
{
    if constexpr (std::is_reference_v<T>)
        return std::type_identity<refusing_codec<refusal::reference>>();
    else if constexpr (hooked<T>)
        return std::type_identity<hook_codec<T>>();
    else if constexpr (std::is_same_v<T, bool>)
        return std::type_identity<boolean_codec>();
    else if constexpr (std::is_arithmetic_v<T>)
        return std::type_identity<byte_copy_codec<T>>();
    else if constexpr (std::is_enum_v<T>)
        return std::type_identity<
            std::conditional_t<std::is_same_v<std::underlying_type_t<T>, bool>,
                               boolean_enum_codec<T>, byte_copy_codec<T>>>();
    else if constexpr (std::is_pointer_v<T> || std::is_null_pointer_v<T>)
        return std::type_identity<refusing_codec<refusal::pointer>>();
    else if constexpr (std::is_member_pointer_v<T>)
        return std::type_identity<refusing_codec<refusal::member_pointer>>();
    else if constexpr (std::is_array_v<T>)
        return std::type_identity<refusing_codec<refusal::array>>();
    else if constexpr (std::is_class_v<T>)
        return choose_class_codec<T>();
    else
        return std::type_identity<refusing_codec<refusal::unknown>>();
}

template <class T>
struct codec : decltype(choose_codec<T>())::type {};

}  // namespace detail
}  // namespace cofu
