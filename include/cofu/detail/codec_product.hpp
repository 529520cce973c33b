// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// pair and tuple: one after another; optional, unique_ptr and variant: which, then that one.

#include <cofu/detail/codec.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace cofu::detail {

template <class A, class B>
struct codec<std::pair<A, B>> : codec_traits {
    using parts = types<A, B>;
    static constexpr std::size_t least_size = codec<A>::least_size + codec<B>::least_size;

    static void write(byte_writer& writer, std::pair<A, B> const& pair)
    {
        encode_value<A>(writer, pair.first);
        encode_value<B>(writer, pair.second);
    }
    // Braces: the first is read before the second.
    static std::pair<A, B> read(byte_reader& reader)
    {
        return std::pair<A, B>{decode_value<A>(reader), decode_value<B>(reader)};
    }
};

template <class... T>
struct codec<std::tuple<T...>> : codec_traits {
    using parts = types<T...>;
    static constexpr std::size_t least_size = (std::size_t(0) + ... + codec<T>::least_size);

    static void write([[maybe_unused]] byte_writer& writer, std::tuple<T...> const& tuple)
    {
        std::apply([&](T const&... value) { (encode_value<T>(writer, value), ...); }, tuple);
    }
    static std::tuple<T...> read([[maybe_unused]] byte_reader& reader)
    {
        return std::tuple<T...>{decode_value<T>(reader)...};
    }
};

inline bool decode_flag(byte_reader& reader)
{
    auto const flag = std::to_integer<unsigned>(*reader.take(1));
    if (flag > 1)
        byte_reader::fail("a flag is neither 0 nor 1");
    return flag == 1;
}

inline void encode_flag(byte_writer& writer, bool flag)
{
    unsigned char const byte = flag;
    writer.write(&byte, 1);
}

// Something or nothing.
template <class Maybe, class T>
struct maybe_codec : codec_traits {
    using parts = types<T>;
    static constexpr std::size_t least_size = 1;

    static void write(byte_writer& writer, Maybe const& value)
    {
        encode_flag(writer, static_cast<bool>(value));
        if (!value)
            return;
        byte_writer::nested const deeper(writer);
        encode_value<T>(writer, *value);
    }
};

template <class T>
struct codec<std::optional<T>> : maybe_codec<std::optional<T>, T> {
    static std::optional<T> read(byte_reader& reader)
    {
        if (!decode_flag(reader))
            return std::nullopt;
        byte_reader::nested const deeper(reader);
        return std::optional<T>(decode_value<T>(reader));
    }
};

template <class T>
constexpr refusal pointee_refusal()
{
    if constexpr (std::is_array_v<T>)
        return refusal::array;
    else
        return std::is_polymorphic_v<T> && !std::is_final_v<T> ? refusal::polymorphic
                                                               : refusal::none;
}

// What it points to is sent, a value of exactly that type.
template <class T>
struct codec<std::unique_ptr<T>> : maybe_codec<std::unique_ptr<T>, T> {
    static constexpr refusal refused = pointee_refusal<T>();

    static std::unique_ptr<T> read(byte_reader& reader)
    {
        if (!decode_flag(reader))
            return nullptr;
        byte_reader::nested const deeper(reader);
        return std::unique_ptr<T>(new T(decode_value<T>(reader)));
    }
};

template <class... T>
struct codec<std::variant<T...>> : codec_traits {
    using variant = std::variant<T...>;
    using parts = types<T...>;
    using index_type = std::conditional_t<(sizeof...(T) < 256), std::uint8_t, std::uint16_t>;
    static constexpr std::size_t least_size = sizeof(index_type);

    static void write(byte_writer& writer, variant const& value)
    {
        if (value.valueless_by_exception())
            byte_writer::fail("a variant has no value, after an exception");
        auto const index = static_cast<index_type>(value.index());
        writer.write(&index, sizeof index);
        byte_writer::nested const deeper(writer);
        write_alternative(writer, value, std::index_sequence_for<T...>());
    }

    static variant read(byte_reader& reader)
    {
        index_type index;
        reader.read(&index, sizeof index);
        if (index >= sizeof...(T))
            byte_reader::fail("a variant's index is none of its alternatives");
        byte_reader::nested const deeper(reader);
        return read_alternative(reader, index, std::index_sequence_for<T...>());
    }

private:
    template <std::size_t... I>
    static void write_alternative(byte_writer& writer, variant const& value,
                                  std::index_sequence<I...>)
    {
        static_cast<void>(
            ((value.index() == I && (encode_value<T>(writer, std::get<I>(value)), true)) || ...));
    }

    template <std::size_t... I>
    static variant read_alternative(byte_reader& reader, std::size_t index,
                                    std::index_sequence<I...>)
    {
        static constexpr variant (*alternatives[])(byte_reader&) = {&read_one<I, T>...};
        return alternatives[index](reader);
    }

    template <std::size_t I, class One>
    static variant read_one(byte_reader& reader)
    {
        return variant(std::in_place_index<I>, decode_value<One>(reader));
    }
};

}  // namespace cofu::detail
