// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Strings and sequences: a count, then the elements.

#include <cofu/detail/codec.hpp>

#include <array>
#include <deque>
#include <forward_list>
#include <iterator>
#include <list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace cofu::detail {

struct counted_codec : codec_traits {
    static constexpr std::size_t least_size = 8;
};

// Elements one after another, added at the end.
template <class Sequence>
struct sequence_codec : counted_codec {
    using element = typename Sequence::value_type;
    using parts = types<element>;

    static void write(byte_writer& writer, Sequence const& sequence)
    {
        byte_writer::nested const deeper(writer);
        writer.write_count(static_cast<std::size_t>(std::distance(sequence.begin(), sequence.end())));
        for (auto const& value : sequence)
            encode_element<element>(writer, value);
    }

    static Sequence read(byte_reader& reader)
    {
        byte_reader::nested const deeper(reader);
        Sequence sequence;
        std::size_t count = reader.read_count(element_size<element>);
        if constexpr (requires { sequence.reserve(count); })
            sequence.reserve(room_for<element>(count, reader));
        for (; count != 0; --count)
            sequence.push_back(decode_element<element>(reader));
        return sequence;
    }
};

// Elements side by side whose bytes are copied in one go.
template <class Sequence>
struct contiguous_codec : counted_codec {
    using element = typename Sequence::value_type;
    using parts = types<element>;

    static void write(byte_writer& writer, Sequence const& sequence)
    {
        writer.write_count(sequence.size());
        writer.write(sequence.data(), sequence.size() * sizeof(element));
    }

    static Sequence read(byte_reader& reader)
    {
        std::size_t const count = reader.read_count(sizeof(element));
        if constexpr (sizeof(element) == 1) {
            auto const* const from = reinterpret_cast<element const*>(reader.take(count));
            return Sequence(from, from + count);
        } else {
            Sequence sequence(count, element());
            reader.read(sequence.data(), count * sizeof(element));
            return sequence;
        }
    }
};

template <class T>
inline constexpr bool copied_in_one_go =
    codec<T>::bytewise && std::is_default_constructible_v<T> && std::is_copy_constructible_v<T>;

// Chooses between the two only when asked: an element may still be incomplete here.
template <class T, class Allocator>
struct codec<std::vector<T, Allocator>> : counted_codec {
    using parts = types<T>;
    using sequence = std::vector<T, Allocator>;
    template <bool Contiguous>
    using chosen =
        std::conditional_t<Contiguous, contiguous_codec<sequence>, sequence_codec<sequence>>;

    static void write(byte_writer& writer, sequence const& value)
    {
        chosen<copied_in_one_go<T>>::write(writer, value);
    }
    static sequence read(byte_reader& reader)
    {
        return chosen<copied_in_one_go<T>>::read(reader);
    }
};

template <class Allocator>
struct codec<std::vector<bool, Allocator>> : counted_codec {
    using sequence = std::vector<bool, Allocator>;

    static void write(byte_writer& writer, sequence const& sequence)
    {
        writer.write_count(sequence.size());
        for (std::size_t i = 0; i < sequence.size(); i += 8) {
            unsigned char packed = 0;
            for (std::size_t bit = 0; bit < 8 && i + bit < sequence.size(); ++bit)
                packed = static_cast<unsigned char>(packed | (sequence[i + bit] << bit));
            writer.write(&packed, 1);
        }
    }

    static sequence read(byte_reader& reader)
    {
        std::uint64_t count;
        reader.read(&count, sizeof count);
        if (count / 8 > reader.left())
            byte_reader::fail("more flags are announced than there are");
        auto const* const packed = reader.take(static_cast<std::size_t>(count / 8 + (count % 8 != 0)));
        sequence sequence(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < sequence.size(); ++i)
            sequence[i] = (std::to_integer<unsigned>(packed[i / 8]) >> (i % 8) & 1u) != 0;
        return sequence;
    }
};

template <class C, class Traits, class Allocator>
struct codec<std::basic_string<C, Traits, Allocator>>
    : contiguous_codec<std::basic_string<C, Traits, Allocator>> {};

template <class T, class Allocator>
struct codec<std::deque<T, Allocator>> : sequence_codec<std::deque<T, Allocator>> {};
template <class T, class Allocator>
struct codec<std::list<T, Allocator>> : sequence_codec<std::list<T, Allocator>> {};

template <class T, class Allocator>
struct codec<std::forward_list<T, Allocator>> : sequence_codec<std::forward_list<T, Allocator>> {
    static std::forward_list<T, Allocator> read(byte_reader& reader)
    {
        byte_reader::nested const deeper(reader);
        std::forward_list<T, Allocator> list;
        auto last = list.before_begin();
        for (std::size_t count = reader.read_count(element_size<T>); count != 0; --count)
            last = list.insert_after(last, decode_element<T>(reader));
        return list;
    }
};

template <class T, std::size_t N>
struct codec<std::array<T, N>> : codec_traits {
    using parts = types<T>;
    static constexpr std::size_t least_size = N == 0 ? 0 : N * codec<T>::least_size;
    static constexpr bool bytewise = codec<T>::bytewise;

    static void write(byte_writer& writer, std::array<T, N> const& array)
    {
        if constexpr (copied_in_one_go<T>)
            writer.write(array.data(), N * sizeof(T));
        else
            for (auto const& value : array)
                encode_value<T>(writer, value);
    }

    static std::array<T, N> read(byte_reader& reader)
    {
        if constexpr (copied_in_one_go<T>) {
            std::array<T, N> array;
            reader.read(array.data(), N * sizeof(T));
            return array;
        } else {
            return each(reader, std::make_index_sequence<N>());
        }
    }

private:
    template <std::size_t... I>
    static std::array<T, N> each([[maybe_unused]] byte_reader& reader, std::index_sequence<I...>)
    {
        return {{(static_cast<void>(I), decode_value<T>(reader))...}};
    }
};

}  // namespace cofu::detail
