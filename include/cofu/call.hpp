// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A function with its arguments, as one object.

#include <functional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cofu {
namespace detail {
struct bound_access;
}

/// A callable that keeps decayed copies of a function and its arguments, made by `call`. As an
/// lvalue it can be called again and again; as an rvalue it moves what it keeps. It takes a
/// `std::stop_token` if the function does.
template <class F, class... A>
class bound {
public:
    template <class G, class... B>
    explicit bound(std::in_place_t, G&& g, B&&... b)
        : function_(std::forward<G>(g)), arguments_(std::forward<B>(b)...)
    {
    }

    /// Calls the function with what is kept.
    decltype(auto) operator()() &
        requires std::is_invocable_v<F&, A&...>
    {
        return std::apply(function_, arguments_);
    }
    decltype(auto) operator()() &&
        requires std::is_invocable_v<F, A...>
    {
        return std::apply(std::move(function_), std::move(arguments_));
    }
    decltype(auto) operator()(std::stop_token token) &
        requires std::is_invocable_v<F&, std::stop_token, A&...>
    {
        return std::apply(
            [&](A&... a) -> decltype(auto) { return std::invoke(function_, std::move(token), a...); },
            arguments_);
    }
    decltype(auto) operator()(std::stop_token token) &&
        requires std::is_invocable_v<F, std::stop_token, A...>
    {
        return std::apply(
            [&](A&... a) -> decltype(auto) {
                return std::invoke(std::move(function_), std::move(token), std::move(a)...);
            },
            arguments_);
    }

private:
    friend detail::bound_access;

    F function_;
    std::tuple<A...> arguments_;
};

namespace detail {

// What a bound call keeps, for those who send it elsewhere.
struct bound_access {
    template <class F, class... A>
    static F const& function(bound<F, A...> const& call) noexcept
    {
        return call.function_;
    }
    template <class F, class... A>
    static std::tuple<A...> const& arguments(bound<F, A...> const& call) noexcept
    {
        return call.arguments_;
    }
};

}  // namespace detail

/// Keeps decayed copies of `f` and `args`: the safe way to pass data inside a `co_await`
/// expression, where g++ 12 destroys a capturing lambda twice.
template <class F, class... A>
bound<std::decay_t<F>, std::decay_t<A>...> call(F&& f, A&&... args)
{
    return bound<std::decay_t<F>, std::decay_t<A>...>(std::in_place, std::forward<F>(f),
                                                      std::forward<A>(args)...);
}

}  // namespace cofu
