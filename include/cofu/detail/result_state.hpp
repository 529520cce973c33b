// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A shared state with room for a value of type T.

#include <cofu/detail/exception_text.hpp>
#include <cofu/detail/shared_state.hpp>

#include <memory>
#include <ostream>
#include <type_traits>
#include <utility>
#include <variant>

namespace cofu::detail {

template <class T>
struct stored_value {
    using type = T;
};
template <class T>
struct stored_value<T&> {
    using type = T*;
};
template <>
struct stored_value<void> {
    using type = std::monostate;
};

template <class T>
class result_state : public shared_state {
public:
    using value_type = T;
    using stored = typename stored_value<T>::type;

    // Only when done with a value.
    std::add_lvalue_reference_t<T> value() noexcept
    {
        if constexpr (std::is_reference_v<T>)
            return *value_;
        else if constexpr (!std::is_void_v<T>)
            return value_;
    }

    // Waiting is over: throws what ended the call, or gives its value.
    std::add_lvalue_reference_t<T> get()
    {
        throw_failure();
        check_not_taken();
        return value();
    }

    // The same, but the value is moved out; a reference or void can be had again and again.
    T get_moved()
    {
        throw_failure();
        if constexpr (std::is_reference_v<T> || std::is_void_v<T>) {
            return value();
        } else {
            take();
            return std::move(value_);
        }
    }

    std::type_info const& value_tag() const noexcept final
    {
        return typeid(std::type_identity<T>);
    }

protected:
    explicit result_state(call_word::word initial, pool_ticket ticket = {}) noexcept
        : shared_state(initial, ticket)
    {
    }

    ~result_state()
    {
        if (call_word::phase(load()) == call_word::value)
            std::destroy_at(std::addressof(value_));
    }

    // Runs f and keeps what it returns or throws; the final phase.
    template <class F>
    call_word::word store(F&& f) noexcept
    {
        try {
            if constexpr (std::is_void_v<T>) {
                std::forward<F>(f)();
                ::new (static_cast<void*>(std::addressof(value_))) std::monostate();
            } else if constexpr (std::is_reference_v<T>) {
                ::new (static_cast<void*>(std::addressof(value_)))
                    stored(std::addressof(std::forward<F>(f)()));
            } else {
                ::new (static_cast<void*>(std::addressof(value_))) stored(std::forward<F>(f)());
            }
            return call_word::value;
        } catch (...) {
            keep_error(current_call_exception());
            return call_word::error;
        }
    }

    void print_value_type(std::ostream& os) const final
    {
        os << type_text(typeid(T));
        if constexpr (std::is_reference_v<T>)
            os << '&';
    }

private:
    union {
        stored value_;  // alive once the phase is value
    };
};

}  // namespace cofu::detail
