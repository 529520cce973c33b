// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Small types of the standard library and Boost: time, paths, numbers of several parts, error codes.

#include <cofu/config.hpp>
#include <cofu/detail/codec.hpp>
#include <cofu/detail/codec_sequence.hpp>
#include <cofu/detail/codec_value.hpp>

#include <boost/system/error_code.hpp>

#include <bitset>
#include <chrono>
#include <complex>
#include <filesystem>
#include <string>
#include <system_error>

namespace cofu {

template <>
inline constexpr bool transport_as_bytes<std::chrono::year> = true;
template <>
inline constexpr bool transport_as_bytes<std::chrono::month> = true;
template <>
inline constexpr bool transport_as_bytes<std::chrono::day> = true;
template <>
inline constexpr bool transport_as_bytes<std::chrono::weekday> = true;
template <>
inline constexpr bool transport_as_bytes<std::chrono::year_month> = true;
template <>
inline constexpr bool transport_as_bytes<std::chrono::month_day> = true;
template <>
inline constexpr bool transport_as_bytes<std::chrono::year_month_day> = true;
template <class T>
inline constexpr bool transport_as_bytes<std::complex<T>> = std::is_floating_point_v<T>;

namespace detail {

template <class Rep, class Period>
struct codec<std::chrono::duration<Rep, Period>> : codec_traits {
    using duration = std::chrono::duration<Rep, Period>;
    using parts = types<Rep>;
    static constexpr std::size_t least_size = codec<Rep>::least_size;
    static constexpr bool bytewise = codec<Rep>::bytewise && sizeof(duration) == sizeof(Rep);

    static void write(byte_writer& writer, duration const& value)
    {
        encode_value<Rep>(writer, value.count());
    }
    static duration read(byte_reader& reader) { return duration(decode_value<Rep>(reader)); }
};

template <class Clock, class Duration>
struct codec<std::chrono::time_point<Clock, Duration>> : codec_traits {
    using time_point = std::chrono::time_point<Clock, Duration>;
    using parts = types<Duration>;
    static constexpr std::size_t least_size = codec<Duration>::least_size;
    static constexpr bool bytewise =
        codec<Duration>::bytewise && sizeof(time_point) == sizeof(Duration);

    static void write(byte_writer& writer, time_point const& value)
    {
        encode_value<Duration>(writer, value.time_since_epoch());
    }
    static time_point read(byte_reader& reader)
    {
        return time_point(decode_value<Duration>(reader));
    }
};

template <>
struct codec<std::filesystem::path> : counted_codec {
    using text = std::filesystem::path::string_type;

    static void write(byte_writer& writer, std::filesystem::path const& value)
    {
        encode_value<text>(writer, value.native());
    }
    static std::filesystem::path read(byte_reader& reader)
    {
        return std::filesystem::path(decode_value<text>(reader));
    }
};

// Bits that are past the end would break the invariants of a bitset that is copied bytewise.
template <std::size_t N>
struct codec<std::bitset<N>> : codec_traits {
    static constexpr std::size_t least_size = (N + 7) / 8;

    static void write([[maybe_unused]] byte_writer& writer, std::bitset<N> const& value)
    {
        for (std::size_t i = 0; i < N; i += 8) {
            unsigned char packed = 0;
            for (std::size_t bit = 0; bit < 8 && i + bit < N; ++bit)
                packed = static_cast<unsigned char>(packed | (value[i + bit] << bit));
            writer.write(&packed, 1);
        }
    }
    static std::bitset<N> read(byte_reader& reader)
    {
        std::byte const* const packed = reader.take(least_size);
        std::bitset<N> value;
        for (std::size_t i = 0; i < N; ++i)
            value[i] = (std::to_integer<unsigned>(packed[i / 8]) >> (i % 8) & 1u) != 0;
        return value;
    }
};

// A category is named, and must be one that every program with this library has: those of the
// standard library, Boost.System, Asio and cofu. Others are refused when they are written.
template <>
struct codec<std::error_code> : codec_traits {
    static constexpr std::size_t least_size = 5;
    COFU_DECL static void write(byte_writer& writer, std::error_code const& value);
    COFU_DECL static std::error_code read(byte_reader& reader);
};
template <>
struct codec<boost::system::error_code> : codec_traits {
    static constexpr std::size_t least_size = 5;
    COFU_DECL static void write(byte_writer& writer, boost::system::error_code const& value);
    COFU_DECL static boost::system::error_code read(byte_reader& reader);
};

}  // namespace detail
}  // namespace cofu
