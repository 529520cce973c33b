// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Aggregates, member by member.

#include <cofu/detail/codec.hpp>

#include <boost/pfr/core.hpp>
#include <boost/pfr/tuple_size.hpp>

#include <type_traits>
#include <utility>

namespace cofu::detail {

// Initialises any member.
struct any_member {
    template <class T>
    operator T() const;
};
// Initialises a base class of Derived only.
template <class Derived>
struct any_base {
    template <class T>
        requires(std::is_base_of_v<T, Derived> && !std::is_same_v<T, Derived>)
    operator T() const;
};

template <std::size_t>
using one_more = any_member;

template <class T>
inline constexpr bool has_base_class = requires { T{any_base<T>()}; };

// PFR counts each element of an array member as a member of its own, since braces may be left out.
// Member I is an array if it takes a list of its own and then not so many others follow.
template <class T, std::size_t... Before, std::size_t... After>
consteval bool array_at(std::index_sequence<Before...>, std::index_sequence<After...>)
{
    constexpr bool takes_list = requires { T{one_more<Before>()..., {any_member(), any_member()}}; };
    constexpr bool takes_rest = requires {
        T{one_more<Before>()..., {any_member(), any_member()}, one_more<After>()...};
    };
    constexpr bool takes_all = requires {
        T{one_more<Before>()..., any_member(), one_more<After>()...};
    };
    return takes_list && takes_all && !takes_rest;
}

template <class T, std::size_t... I>
consteval bool has_array_member(std::index_sequence<I...>)
{
    return (array_at<T>(std::make_index_sequence<I>(),
                        std::make_index_sequence<sizeof...(I) - I - 1>()) ||
            ...);
}

template <class T, std::size_t I>
using member_t = boost::pfr::tuple_element_t<I, T>;

template <class T, std::size_t... I>
consteval bool members_assignable(std::index_sequence<I...>)
{
    return (std::is_move_assignable_v<member_t<T, I>> && ...);
}

template <class T, std::size_t... I>
consteval bool has_const_member(std::index_sequence<I...>)
{
    return (std::is_const_v<member_t<T, I>> || ...);
}

// PFR shows a reference member as what it refers to. An aggregate with one can't be assigned to,
// while each of its members as PFR shows them can. A const member hides the difference.
template <class T>
consteval bool may_have_references()
{
    constexpr auto members = std::make_index_sequence<boost::pfr::tuple_size_v<T>>();
    return !std::is_move_assignable_v<T> &&
           (members_assignable<T>(members) || has_const_member<T>(members));
}

template <class T>
consteval refusal aggregate_refusal()
{
    if constexpr (std::is_polymorphic_v<T>)
        return refusal::polymorphic;
    else if constexpr (has_base_class<T>)
        return refusal::inherits;
    else if constexpr (has_array_member<T>(
                           std::make_index_sequence<boost::pfr::tuple_size_v<T>>()))
        return refusal::array;
    else if constexpr (may_have_references<T>())
        return refusal::unassignable;
    else
        return refusal::none;
}

template <class T, class Members>
struct aggregate_codec;

template <class T, std::size_t... I>
struct aggregate_codec<T, std::index_sequence<I...>> : codec_traits {
    using parts = types<member_t<T, I>...>;
    static constexpr std::size_t least_size =
        (std::size_t(0) + ... + codec<member_t<T, I>>::least_size);
    static constexpr bool bytewise =
        std::is_trivially_copyable_v<T> && (codec<member_t<T, I>>::bytewise && ...);

    static void write([[maybe_unused]] byte_writer& writer, T const& value)
    {
        (encode_value<std::remove_const_t<member_t<T, I>>>(writer, boost::pfr::get<I>(value)), ...);
    }
    static T read([[maybe_unused]] byte_reader& reader)
    {
        return T{decode_value<std::remove_const_t<member_t<T, I>>>(reader)...};
    }
};

template <class T, refusal Why = aggregate_refusal<T>()>
struct checked_aggregate_codec : refusing_codec<Why> {};

template <class T>
struct checked_aggregate_codec<T, refusal::none>
    : aggregate_codec<T, std::make_index_sequence<boost::pfr::tuple_size_v<T>>> {};

}  // namespace cofu::detail
