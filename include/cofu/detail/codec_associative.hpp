// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Sets and maps: a count, then the elements in the container's order. Bytes in another order, or
// with a key twice, can't break a container: they are inserted, and the count is compared.

#include <cofu/detail/codec.hpp>
#include <cofu/detail/codec_sequence.hpp>

#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace cofu::detail {

// A container's order, hash or equality is made anew on the other side.
template <class... Functor>
inline constexpr refusal functor_refusal =
    ((std::is_empty_v<Functor> && std::is_default_constructible_v<Functor>)&&...)
        ? refusal::none
        : refusal::stateful_functor;

template <class Container>
struct associative_codec : counted_codec {
    static void write(byte_writer& writer, Container const& container)
    {
        byte_writer::nested const deeper(writer);
        writer.write_count(container.size());
        for (auto const& value : container)
            write_element(writer, value);
    }

    static Container read(byte_reader& reader)
    {
        byte_reader::nested const deeper(reader);
        Container container;
        std::size_t const count = reader.read_count(least_element());
        if constexpr (requires { container.reserve(count); })
            container.reserve(room_for<typename Container::value_type>(count, reader));
        for (std::size_t left = count; left != 0; --left)
            read_element(container, reader);
        if (container.size() != count)
            byte_reader::fail("a key is there twice");
        return container;
    }

private:
    using key = typename Container::key_type;
    static constexpr bool is_map = requires { typename Container::mapped_type; };

    static constexpr std::size_t least_element()
    {
        if constexpr (is_map)
            return element_size<key> + codec<typename Container::mapped_type>::least_size;
        else
            return element_size<key>;
    }

    template <class Value>
    static void write_element(byte_writer& writer, Value const& value)
    {
        if constexpr (is_map) {
            encode_element<key>(writer, value.first);
            encode_value<typename Container::mapped_type>(writer, value.second);
        } else {
            encode_element<key>(writer, value);
        }
    }

    static void read_element(Container& container, byte_reader& reader)
    {
        key k = decode_element<key>(reader);
        if constexpr (is_map)
            container.emplace_hint(container.end(), std::move(k),
                                   decode_value<typename Container::mapped_type>(reader));
        else
            container.emplace_hint(container.end(), std::move(k));
    }
};

template <class T, class Compare, class Allocator>
struct codec<std::set<T, Compare, Allocator>>
    : associative_codec<std::set<T, Compare, Allocator>> {
    using parts = types<T>;
    static constexpr refusal refused = functor_refusal<Compare>;
};
template <class T, class Compare, class Allocator>
struct codec<std::multiset<T, Compare, Allocator>>
    : associative_codec<std::multiset<T, Compare, Allocator>> {
    using parts = types<T>;
    static constexpr refusal refused = functor_refusal<Compare>;
};
template <class K, class T, class Compare, class Allocator>
struct codec<std::map<K, T, Compare, Allocator>>
    : associative_codec<std::map<K, T, Compare, Allocator>> {
    using parts = types<K, T>;
    static constexpr refusal refused = functor_refusal<Compare>;
};
template <class K, class T, class Compare, class Allocator>
struct codec<std::multimap<K, T, Compare, Allocator>>
    : associative_codec<std::multimap<K, T, Compare, Allocator>> {
    using parts = types<K, T>;
    static constexpr refusal refused = functor_refusal<Compare>;
};
template <class T, class Hash, class Equal, class Allocator>
struct codec<std::unordered_set<T, Hash, Equal, Allocator>>
    : associative_codec<std::unordered_set<T, Hash, Equal, Allocator>> {
    using parts = types<T>;
    static constexpr refusal refused = functor_refusal<Hash, Equal>;
};
template <class T, class Hash, class Equal, class Allocator>
struct codec<std::unordered_multiset<T, Hash, Equal, Allocator>>
    : associative_codec<std::unordered_multiset<T, Hash, Equal, Allocator>> {
    using parts = types<T>;
    static constexpr refusal refused = functor_refusal<Hash, Equal>;
};
template <class K, class T, class Hash, class Equal, class Allocator>
struct codec<std::unordered_map<K, T, Hash, Equal, Allocator>>
    : associative_codec<std::unordered_map<K, T, Hash, Equal, Allocator>> {
    using parts = types<K, T>;
    static constexpr refusal refused = functor_refusal<Hash, Equal>;
};
template <class K, class T, class Hash, class Equal, class Allocator>
struct codec<std::unordered_multimap<K, T, Hash, Equal, Allocator>>
    : associative_codec<std::unordered_multimap<K, T, Hash, Equal, Allocator>> {
    using parts = types<K, T>;
    static constexpr refusal refused = functor_refusal<Hash, Equal>;
};

}  // namespace cofu::detail
