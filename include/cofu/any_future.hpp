// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A future without its type.

#include <cofu/future.hpp>

#include <array>

namespace cofu {

/// Any `future<T>` without its type: state, cancellation, exception, waits, equality, hash. For
/// containers of futures of several types.
///
/// Thread safety: as future<T>.
class any_future : public detail::future_base {
public:
    any_future() noexcept = default;

    /// The same call without its type.
    template <class T>
    any_future(future<T> f) noexcept : future_base(detail::future_access::state(f))
    {
    }

    /// The future with its type; empty if it is of another type.
    template <class T>
    future<T> as() const
    {
        auto const& s = detail::future_access::state(*this);
        if (!s || s->value_tag() != typeid(std::type_identity<T>))
            return {};
        return detail::future_access::make<future<T>>(s);
    }

private:
    friend struct detail::future_access;

    explicit any_future(detail::state_ptr state) noexcept : future_base(std::move(state)) {}
};

/// An array of futures of several types, for `wait` and `as_completed`.
template <class... Futures>
std::array<any_future, sizeof...(Futures)> any_futures(Futures... futures)
{
    return {any_future(std::move(futures))...};
}

}  // namespace cofu

template <>
struct std::hash<cofu::any_future> : cofu::detail::future_hash<cofu::any_future> {};
