// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A call as bytes: the name of a function that is compiled for the callable and its arguments, the
// callable's own data, the arguments. That function decodes the rest, calls, and encodes the result.

#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>
#include <cofu/config.hpp>
#include <cofu/detail/bound_call.hpp>
#include <cofu/detail/codec_function.hpp>
#include <cofu/detail/crossing.hpp>
#include <cofu/detail/function_id.hpp>
#include <cofu/serialization.hpp>

#include <span>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace cofu::detail {

// What a call of F with decayed A gives back, in this process and from another.
template <class F, class... A>
using remote_result_t = typename bound_call<F, A...>::result;

template <class Result>
constexpr bool check_result()
{
    if constexpr (std::is_void_v<Result>)
        return true;
    else
        return check_crossing<its_result, Result, direction::from_worker>();
}

template <class F, class... A, std::size_t... I>
constexpr bool check_call(std::index_sequence<I...>)
{
    return (check_crossing<the_function, F, direction::to_worker>() && ... &&
            check_crossing<argument_number<I + 1>, A, direction::to_worker>()) &&
           check_result<remote_result_t<F, A...>>();
}

// Where a call is while it runs in the worker. Only what is thrown while calling is the function's.
enum class run_stage { decoding, calling, encoding };

template <class F, class... A>
void encode_outcome(bound_call<F, A...>& call, std::stop_token token, byte_writer& result,
                    run_stage& stage)
{
    using value = remote_result_t<F, A...>;
    auto const invoke = [&]() -> decltype(auto) {
        if constexpr (bound_call<F, A...>::wants_stop_token)
            return call(std::move(token));
        else
            return call();
    };
    stage = run_stage::calling;
    if constexpr (std::is_void_v<value>) {
        invoke();
    } else {
        value const outcome = invoke();
        stage = run_stage::encoding;
        encode_value<value>(result, outcome);
    }
}

// Runs in the worker; its address is what the call is named by.
using remote_thunk = void(byte_reader& call, std::stop_token token, byte_writer& result,
                          run_stage& stage);

// Braces: what follows each other in the bytes is read in that order.
template <class F, class... A>
void run_decoded(byte_reader& call, std::stop_token token, byte_writer& result, run_stage& stage)
{
    bound_call<F, A...> function{std::in_place, decode_value<F>(call), decode_value<A>(call)...};
    call.expect_end();
    encode_outcome(function, std::move(token), result, stage);
}

// The same in every process of this build, as long as its module is loaded; so is the static.
template <class F, class... A>
function_id const& thunk_id()
{
    remote_thunk* const thunk = &run_decoded<F, A...>;
    static function_id const id = identify_function(reinterpret_cast<void const*>(thunk));
    return id;
}

// Inside a handler: throws what is handled as a transport_error, nested if it is another exception.
[[noreturn]] COFU_DECL void rethrow_as_transport_error(char const* what);

template <class T>
using sent_as = std::decay_t<T const&>;

// Writes a call of decayed copies of f and args, which are only looked at. Throws transport_error,
// and nothing else; what is in the writer then is no call.
template <class F, class... A>
void encode_call(byte_writer& writer, F const& f, A const&... args)
{
    if constexpr (check_call<sent_as<F>, sent_as<A>...>(std::index_sequence_for<A...>())) {
        try {
            encode_function_id(writer, thunk_id<sent_as<F>, sent_as<A>...>());
            encode_value<sent_as<F>>(writer, f);
            (encode_value<sent_as<A>>(writer, args), ...);
        } catch (...) {
            rethrow_as_transport_error("the call could not be encoded");
        }
    }
}

// In the worker: runs what encode_call wrote and adds its result to `result`. An exception of the
// function leaves it, and transport_error where the bytes are no call; `result` is as before then.
COFU_DECL void run_encoded_call(std::span<std::byte const> call, std::stop_token token,
                                byte_writer& result);

// What run_encoded_call added. Throws transport_error, and nothing else.
template <class R>
R decode_result(byte_reader& reader)
{
    if constexpr (!std::is_void_v<R>) {
        try {
            return decode_value<R>(reader);
        } catch (...) {
            rethrow_as_transport_error("the result could not be decoded");
        }
    }
}

}  // namespace cofu::detail
