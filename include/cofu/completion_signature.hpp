// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// With which signature a call's outcome reaches a completion handler.

#include <exception>
#include <optional>
#include <type_traits>

namespace cofu {

namespace detail {

template <class T>
struct completion_signature {
    using type = void(std::exception_ptr, std::optional<T>);
};
template <class T>
    requires std::is_default_constructible_v<T>
struct completion_signature<T> {
    using type = void(std::exception_ptr, T);
};
template <class T>
struct completion_signature<T&> {
    using type = void(std::exception_ptr, T*);
};
template <>
struct completion_signature<void> {
    using type = void(std::exception_ptr);
};

}  // namespace detail

/// The completion signature of a call that returns T: `void(exception_ptr)` for void,
/// `void(exception_ptr, T)` for a default-constructible T, `void(exception_ptr, T*)` for a
/// reference T&, `void(exception_ptr, optional<T>)` otherwise. On failure the value is `T()`, null
/// or empty.
template <class T>
using completion_signature_t = typename detail::completion_signature<T>::type;

}  // namespace cofu
