// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Types written for Boost.Serialization cross to other processes. Header-only: it needs no library
// but Boost's headers.

#include <cofu/detail/archive.hpp>
#include <cofu/serialization.hpp>

#include <concepts>

namespace cofu {

/// A serializer by a type's `serialize`, or `save` and `load`, of Boost.Serialization. Types whose
/// `serialize` can be seen from outside (a public member, or a function in the type's namespace)
/// cross once this header is included. For one that is private, with `boost::serialization::access`
/// as a friend, or stands in namespace `boost::serialization`, say so:
///
///     template <>
///     struct cofu::serializer<account> : cofu::boost_serializer<account> {};
///
/// Members may be what is `transportable`, other such types, bases (`base_object`), name-value
/// pairs, arrays and binary objects. Pointers, `shared_ptr` and tracked objects do not compile:
/// bytes of a worker that was hit by a memory error must not decide which objects there are. For
/// those write a `serializer` that runs an archive of Boost's over a string.
///
/// Preconditions: `T` can be constructed without arguments.
/// Exceptions: as `encode` and `decode`, and what `serialize` throws.
template <class T>
struct boost_serializer {
    static_assert(std::default_initializable<T>,
                  "a type of Boost.Serialization is made without arguments before it is loaded");

    static void write(byte_writer& to, T const& value)
    {
        detail::output_archive(to).save_object(value);
    }
    static T read(byte_reader& from)
    {
        T value{};
        detail::input_archive(from).load_object(value);
        return value;
    }
};

template <class T>
    requires detail::boost_serializable<T>
struct serializer<T> : boost_serializer<T> {};

}  // namespace cofu
