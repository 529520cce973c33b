// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Whether a type can cross to another process; if not, the message of the compiler that says which
// argument, what inside it, and what to do instead.

#include <cofu/detail/codec.hpp>

#include <type_traits>

namespace cofu::detail {

// A worker is sent functions; nothing that it sends becomes an address to call.
enum class direction { to_worker, from_worker };

struct no_obstacle {
    static constexpr refusal why = refusal::none;
};
template <class T, refusal Why>
struct obstacle_found {
    static constexpr refusal why = Why;
    using type = T;
};

// The first type inside T that can't cross, and why. Path: the types that are being looked at, as
// one may contain itself.
template <class T, direction D, class Path>
struct obstacle;

template <direction D, class Path, class... Parts>
struct first_obstacle : no_obstacle {};
template <direction D, class Path, class First, class... Rest>
struct first_obstacle<D, Path, First, Rest...>
    : std::conditional_t<obstacle<std::remove_const_t<First>, D, Path>::why != refusal::none,
                         obstacle<std::remove_const_t<First>, D, Path>,
                         first_obstacle<D, Path, Rest...>> {};

template <class T, direction D, class Path, class Parts>
struct obstacle_inside;
template <class T, direction D, class... Path, class... Parts>
struct obstacle_inside<T, D, types<Path...>, types<Parts...>>
    : first_obstacle<D, types<T, Path...>, Parts...> {};

template <class T, direction D, class... Path>
consteval auto find_obstacle()
{
    if constexpr ((std::is_same_v<T, Path> || ...))
        return std::type_identity<no_obstacle>();
    else if constexpr (codec<T>::refused != refusal::none)
        return std::type_identity<obstacle_found<T, codec<T>::refused>>();
    else if constexpr (codec<T>::names_functions && D == direction::from_worker)
        return std::type_identity<obstacle_found<T, refusal::function_result>>();
    else
        return std::type_identity<
            obstacle_inside<T, D, types<Path...>, typename codec<T>::parts>>();
}

template <class T, direction D, class... Path>
struct obstacle<T, D, types<Path...>> : decltype(find_obstacle<T, D, Path...>())::type {};

template <class T, direction D = direction::to_worker>
inline constexpr bool crosses = obstacle<T, D, types<>>::why == refusal::none;

// Names for the compiler's message.
template <std::size_t Number>
struct argument_number;
struct the_function;
struct its_result;
struct the_value;
template <class T>
struct because_of;

// Instantiated where something can't cross, so that the message shows which, of what type, and
// what inside it is the reason.
template <class What, class Type, class Cause, refusal Why>
struct cannot_cross_to_another_process {
    static_assert(Why != refusal::pointer,
                  "a pointer can't cross to another process: its address means nothing there; pass "
                  "the value itself, a std::string for text, a std::vector for an array, or a "
                  "std::unique_ptr that owns one object");
    static_assert(Why != refusal::member_pointer,
                  "a pointer to member can't cross to another process; pass a captureless lambda "
                  "that calls the member: [](thing& t) { return t.member(); }");
    static_assert(Why != refusal::reference,
                  "a reference can't cross to another process; pass a copy, and return what "
                  "changed");
    static_assert(Why != refusal::reference_wrapper,
                  "std::ref can't cross to another process: what it refers to is not there; pass a "
                  "copy, and return what changed");
    static_assert(Why != refusal::view,
                  "a view (string_view, span, initializer_list) can't cross to another process: it "
                  "does not own its elements; pass a std::string, std::vector or std::array");
    static_assert(Why != refusal::shared,
                  "a shared_ptr or weak_ptr can't cross to another process, where nothing is "
                  "shared; pass the value or a std::unique_ptr");
    static_assert(Why != refusal::type_erased,
                  "a std::function can't cross to another process: what is inside it is not known; "
                  "pass a function pointer, a captureless lambda or a function object");
    static_assert(Why != refusal::array,
                  "a C array can't cross to another process; use std::array or std::vector");
    static_assert(Why != refusal::function_result,
                  "a function pointer can't be a result: nothing that a worker sends becomes an "
                  "address to call; return an enum or an index and choose the function here");
    static_assert(Why != refusal::stateful_functor,
                  "a container whose comparison or hash has data of its own can't cross to another "
                  "process; use one without, or specialise cofu::serializer for a type of your own");
    static_assert(Why != refusal::polymorphic,
                  "a polymorphic object can't cross to another process: its true type is not "
                  "known; pass a std::variant, or specialise cofu::serializer for it");
    static_assert(Why != refusal::inherits,
                  "an aggregate with a base class can't be taken apart; make the base a member, or "
                  "specialise cofu::serializer for it");
    static_assert(Why != refusal::unassignable,
                  "an aggregate that can't be assigned to may have a reference among its members, "
                  "which can't cross to another process; remove const and references from its "
                  "members, or specialise cofu::serializer for it");
    static_assert(Why != refusal::boost_serialization,
                  "include <cofu/boost_serialization.hpp> so that a type with a serialize() for "
                  "Boost.Serialization can cross to another process");
    static_assert(Why != refusal::unknown,
                  "this type can't cross to another process: make it an aggregate of members that "
                  "can, specialise cofu::serializer for it, or transport_as_bytes if it is "
                  "trivially copyable without pointers; a lambda with captures: pass what it "
                  "captures as arguments");
};

// Does not compile where Type can't cross.
template <class What, class Type, direction D>
constexpr bool check_crossing()
{
    using found = obstacle<Type, D, types<>>;
    if constexpr (found::why != refusal::none)
        return sizeof(cannot_cross_to_another_process<What, Type, because_of<typename found::type>,
                                                      found::why>) == 0;
    else
        return true;
}

}  // namespace cofu::detail
