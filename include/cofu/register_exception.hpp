// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Exceptions of your own that keep their type when a worker process throws them.

#include <cofu/detail/rebuilt_exception.hpp>
#include <cofu/serialization.hpp>

#include <exception>
#include <string>
#include <type_traits>
#include <typeinfo>

namespace cofu {

/// Lets exceptions of type `E` cross from a worker process as themselves: `catch (E const&)` gets
/// them, with the same `what()`, and `origin_of` tells where they were thrown. Without it they
/// arrive as `remote_error`. The exceptions of the standard library, of Boost.System and of cofu
/// are registered.
///
/// If `E` is `transportable` (give it a `serializer`), all that is inside crosses; else it is made
/// again from the message, by its constructor from a string, or by its default constructor. Only
/// exceptions of exactly this type are concerned, not those derived from it; `throw_with_nested`
/// and `BOOST_THROW_EXCEPTION` do not count as deriving. An `E` that is final or no
/// `std::exception` comes without its origin and what was nested in it.
///
/// It must have been called in the worker and in the program: as the initialiser of a static,
/// which runs in both.
///
///     bool const registered = cofu::register_exception<parse_error>();
///
/// Returns: true.
/// Exceptions: `std::bad_alloc`.
/// Thread safety: safe.
/// Lifetime: the module that calls it stays loaded.
template <class E>
bool register_exception()
{
    static_assert(std::is_same_v<E, std::decay_t<E>>, "the type itself, without const or &");
    using detail::make_rebuilt;
    constexpr bool from_text = std::is_base_of_v<std::exception, E> &&
                               std::is_constructible_v<E, std::string const&>;
    static_assert(transportable<E> || from_text || std::is_default_constructible_v<E>,
                  "the exception can't be made again: specialise cofu::serializer for it, or give "
                  "it a constructor from a std::string");

    detail::keep_exception_codec(
        typeid(E),
        {[](byte_writer& writer, std::exception_ptr const& error) {
             if constexpr (transportable<E>) {
                 try {
                     std::rethrow_exception(error);
                 } catch (E const& e) {
                     encode(writer, e);
                 }
             }
         },
         [](byte_reader& reader, remote_origin const& origin, std::exception_ptr const& nested) {
             if constexpr (transportable<E>)
                 return make_rebuilt<E>(decode<E>(reader), origin, nested);
             else if constexpr (from_text)
                 return make_rebuilt<E>(E(origin.message()), origin, nested);
             else
                 return make_rebuilt<E>(E(), origin, nested);
         }});
    return true;
}

}  // namespace cofu
