// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How the chunks of a map cross to a worker process, and what they gave comes back.

#include <cofu/detail/remote_exception.hpp>
#include <cofu/serialization.hpp>

#include <chrono>
#include <exception>
#include <tuple>
#include <utility>
#include <vector>

namespace cofu {

namespace detail {

// <cofu/map.hpp> has them.
template <class R, class F, class... A>
class map_call;
template <class R>
struct map_chunk;

struct map_call_access {
    template <class R, class F, class... A>
    static void write(byte_writer& to, map_call<R, F, A...> const& call)
    {
        encode_value<F>(to, call.function_);
        encode_value<std::vector<std::tuple<A...>>>(to, call.inputs_);
        encode_value<bool>(to, call.cost_ != nullptr);
    }

    template <class R, class F, class... A>
    static map_call<R, F, A...> read(byte_reader& from)
    {
        auto function = decode_value<F>(from);
        auto inputs = decode_value<std::vector<std::tuple<A...>>>(from);
        bool const is_measured = decode_value<bool>(from);
        return {std::move(function), std::move(inputs), is_measured};
    }

    // An exception ends where its bytes end, so it has their number before it.
    static void write(byte_writer& to, std::exception_ptr const& error)
    {
        byte_writer bytes;
        encode_exception(bytes, error);
        to.write_count(bytes.size());
        to.write(bytes.bytes().data(), bytes.size());
    }

    static std::exception_ptr read(byte_reader& from)
    {
        auto const n = from.read_count(1);
        byte_reader bytes({from.take(n), n});
        return decode_exception(bytes);
    }
};

}  // namespace detail

template <class R, class F, class... A>
struct serializer<detail::map_call<R, F, A...>> {
    static void write(byte_writer& to, detail::map_call<R, F, A...> const& call)
    {
        detail::map_call_access::write(to, call);
    }
    static detail::map_call<R, F, A...> read(byte_reader& from)
    {
        return detail::map_call_access::read<R, F, A...>(from);
    }
};

template <class R>
struct serializer<detail::map_chunk<R>> {
    static void write(byte_writer& to, detail::map_chunk<R> const& chunk)
    {
        encode(to, chunk.time);
        to.write_count(chunk.outcomes.size());
        for (auto const& outcome : chunk.outcomes) {
            encode(to, outcome.index() == 0);
            if (outcome.index() == 0)
                encode<R>(to, std::get<0>(outcome));
            else
                detail::map_call_access::write(to, std::get<1>(outcome));
        }
    }

    static detail::map_chunk<R> read(byte_reader& from)
    {
        detail::map_chunk<R> chunk;
        chunk.time = decode<std::chrono::nanoseconds>(from);
        auto const n = from.read_count(1);
        chunk.outcomes.reserve(n);
        for (std::size_t i = 0; i != n; ++i) {
            if (decode<bool>(from))
                chunk.outcomes.emplace_back(std::in_place_index<0>, decode<R>(from));
            else
                chunk.outcomes.emplace_back(std::in_place_index<1>,
                                            detail::map_call_access::read(from));
        }
        return chunk;
    }
};

}  // namespace cofu
