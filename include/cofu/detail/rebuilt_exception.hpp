// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// An exception that was thrown in a worker, made again in this process: as caught it is an E, and
// remote_origin is a base of it as well.

#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>
#include <cofu/config.hpp>
#include <cofu/error.hpp>

#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace cofu::detail {

template <class E>
class BOOST_SYMBOL_VISIBLE rebuilt : public E, public remote_origin {
public:
    rebuilt(E error, remote_origin origin) : E(std::move(error)), remote_origin(std::move(origin))
    {
    }

    char const* what() const noexcept override { return message().c_str(); }
};

// What is nested is the exception that is handled when it is made.
template <class E>
class BOOST_SYMBOL_VISIBLE rebuilt_nested : public rebuilt<E>, public std::nested_exception {
public:
    using rebuilt<E>::rebuilt;
};

// E can be given more bases.
template <class E>
concept extensible_exception = std::is_base_of_v<std::exception, E> && !std::is_final_v<E> &&
                               !std::is_base_of_v<remote_origin, E> &&
                               !std::is_base_of_v<std::nested_exception, E>;

template <class E>
std::exception_ptr make_rebuilt(E error, remote_origin origin, std::exception_ptr const& nested)
{
    if constexpr (extensible_exception<E>) {
        if (!nested)
            return std::make_exception_ptr(rebuilt<E>(std::move(error), std::move(origin)));
        try {
            std::rethrow_exception(nested);
        } catch (...) {
            return std::make_exception_ptr(rebuilt_nested<E>(std::move(error), std::move(origin)));
        }
    } else {
        return std::make_exception_ptr(std::move(error));
    }
}

// How exceptions of one type cross: what they need besides the message.
struct exception_codec {
    // The exception is of that type, or derived from it.
    void (*write)(byte_writer& writer, std::exception_ptr const& error);
    std::exception_ptr (*read)(byte_reader& reader, remote_origin const& origin,
                               std::exception_ptr const& nested);
};

// Keeps the codec for exceptions of this type, instead of an earlier one.
COFU_DECL void keep_exception_codec(std::type_info const& type, exception_codec codec);

}  // namespace cofu::detail
