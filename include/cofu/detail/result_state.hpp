// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A shared state with room for a value of type T.

#include <cofu/detail/exception_text.hpp>
#include <cofu/detail/shared_state.hpp>

#include <memory>
#include <new>
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

// Room for a value, alive once the phase is value, or for nothing. Bytes, which have no padding at
// the end where a later member might live while the value is made.
template <class Stored>
struct value_room {
    void* place() noexcept { return bytes; }
    Stored& value() noexcept { return *std::launder(reinterpret_cast<Stored*>(bytes)); }

    alignas(Stored) unsigned char bytes[sizeof(Stored)];
};
template <>
struct value_room<std::monostate> {};

template <class T>
class result_state : public shared_state {
public:
    using value_type = T;
    using stored = typename stored_value<T>::type;

    // Only when done with a value.
    std::add_lvalue_reference_t<T> value() noexcept
    {
        if constexpr (std::is_reference_v<T>)
            return *room_.value();
        else if constexpr (!std::is_void_v<T>)
            return room_.value();
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
            return std::move(room_.value());
        }
    }

    // The same by an owner of a handle, which goes.
    static T get_moved_from(boost::intrusive_ptr<shared_state> block)
    {
        auto& call = static_cast<result_state&>(*block);
        if constexpr (std::is_trivially_copyable_v<T> && std::is_copy_constructible_v<T>) {
            // To read it is no use of it, so it can be taken afterwards.
            call.throw_failure();
            T const value = call.room_.value();
            block.detach()->take_and_drop();
            return value;
        } else {
            return call.get_moved();
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
        if constexpr (!std::is_void_v<T>)
            if (call_word::phase(load()) == call_word::value)
                std::destroy_at(std::addressof(room_.value()));
    }

    // Runs f and keeps what it returns or throws; the final phase.
    template <class F>
    call_word::word store(F&& f) noexcept
    {
        try {
            if constexpr (std::is_void_v<T>) {
                std::forward<F>(f)();
            } else if constexpr (std::is_reference_v<T>) {
                ::new (room_.place()) stored(std::addressof(std::forward<F>(f)()));
            } else {
                ::new (room_.place()) stored(std::forward<F>(f)());
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
    [[no_unique_address]] value_room<stored> room_;
};

}  // namespace cofu::detail
