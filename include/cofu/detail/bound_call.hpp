// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A function with decayed copies of its arguments, called once; as with std::jthread, with a stop
// token first if it can be called so.

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cofu::detail {

template <class T>
struct is_awaitable : std::false_type {};
template <class T, class Executor>
struct is_awaitable<boost::asio::awaitable<T, Executor>> : std::true_type {};

template <class F, class... A>
class bound_call {
public:
    static constexpr bool wants_stop_token = std::is_invocable_v<F, std::stop_token, A...>;

    static_assert(wants_stop_token || std::is_invocable_v<F, A...>,
                  "the function can't be called with these arguments: they are decayed, moved and "
                  "passed as rvalues; std::ref passes a reference");

    using raw_result = typename std::conditional_t<
        wants_stop_token, std::invoke_result<F, std::stop_token, A...>,
        std::invoke_result<F, A...>>::type;
    // A reference stays one, everything else is kept as an object.
    using result = std::conditional_t<std::is_lvalue_reference_v<raw_result>, raw_result,
                                      std::remove_cvref_t<raw_result>>;

    static_assert(!is_awaitable<result>::value,
                  "the function returns an asio::awaitable, which nobody would run; write "
                  "co_spawn(pool, f(args...), cofu::as_future) for a coroutine on the pool");

    template <class G, class... B>
    explicit bound_call(std::in_place_t, G&& g, B&&... b)
        : function_(std::forward<G>(g)), arguments_(std::forward<B>(b)...)
    {
    }

    raw_result operator()()
        requires(!wants_stop_token)
    {
        return std::apply(std::move(function_), std::move(arguments_));
    }

    raw_result operator()(std::stop_token token)
        requires wants_stop_token
    {
        return std::apply(
            [&](A&&... a) -> raw_result {
                return std::invoke(std::move(function_), std::move(token), std::move(a)...);
            },
            std::move(arguments_));
    }

private:
    F function_;
    [[no_unique_address]] std::tuple<A...> arguments_;
};

template <class F, class... A>
using bound_call_t = bound_call<std::decay_t<F>, std::decay_t<A>...>;

}  // namespace cofu::detail
