// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Function pointers, and what cofu::call keeps.

#include <cofu/call.hpp>
#include <cofu/detail/codec.hpp>
#include <cofu/detail/codec_product.hpp>
#include <cofu/detail/function_id.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

namespace cofu::detail {

template <class Function>
    requires std::is_function_v<Function>
struct codec<Function*> : codec_traits {
    static constexpr std::size_t least_size = 1;
    static constexpr bool names_functions = true;

    static void write(byte_writer& writer, Function* function)
    {
        encode_flag(writer, function != nullptr);
        if (function)
            encode_function_id(writer, identify_function(reinterpret_cast<void const*>(function)));
    }

    static Function* read(byte_reader& reader)
    {
        if (!decode_flag(reader))
            return nullptr;
        if (!reader.may_name_functions())
            byte_reader::fail("a worker sent a function pointer, which is only taken as argument");
        return reinterpret_cast<Function*>(find_function(decode_function_id(reader)));
    }
};

template <class F, class... A>
struct codec<bound<F, A...>> : codec_traits {
    using parts = types<F, A...>;
    static constexpr std::size_t least_size =
        codec<F>::least_size + (std::size_t(0) + ... + codec<A>::least_size);

    static void write(byte_writer& writer, bound<F, A...> const& value)
    {
        encode_value<F>(writer, bound_access::function(value));
        encode_value<std::tuple<A...>>(writer, bound_access::arguments(value));
    }
    static bound<F, A...> read(byte_reader& reader)
    {
        return bound<F, A...>{std::in_place, decode_value<F>(reader), decode_value<A>(reader)...};
    }
};

}  // namespace cofu::detail
