// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What as_future makes: a promise that an operation's handler fulfils, and that can cancel it.

#include <cofu/detail/promise_state.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cofu::detail {

// The value of an operation that completes with these arguments.
template <class... Values>
struct joined_value {
    using type = std::tuple<std::decay_t<Values>...>;
};
template <class Value>
struct joined_value<Value> {
    using type = std::decay_t<Value>;
};
template <>
struct joined_value<> {
    using type = void;
};

template <class T>
inline constexpr bool is_completion_error = std::is_same_v<std::decay_t<T>, std::exception_ptr>
                                            || std::is_same_v<std::decay_t<T>, boost::system::error_code>;

template <class... Args>
struct future_value : joined_value<Args...> {};
template <class First, class... Rest>
    requires is_completion_error<First>
struct future_value<First, Rest...> : joined_value<Rest...> {};

inline std::exception_ptr to_exception(std::exception_ptr error)
{
    return error;
}
inline std::exception_ptr to_exception(boost::system::error_code error)
{
    return error ? std::make_exception_ptr(boost::system::system_error(error)) : nullptr;
}

// The executor on which an operation completes by default.
template <class Initiation>
boost::asio::any_io_executor io_executor_of(Initiation const& initiation)
{
    auto const executor =
        boost::asio::get_associated_executor(initiation, boost::asio::system_executor());
    if constexpr (std::is_convertible_v<decltype(executor), boost::asio::any_io_executor>)
        return executor;
    else
        return boost::asio::system_executor();
}

template <class T>
class as_future_state final : public promise_state<T> {
public:
    using promise_state<T>::promise_state;

    boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }

private:
    // On the operation's executor, where a slot may be emitted.
    void signal_stop() noexcept override
    {
        try {
            boost::asio::post(this->executor(), [keep = this->handle(), this] {
                if (!this->done())
                    signal_.emit(boost::asio::cancellation_type::terminal);
            });
        } catch (...) {
            // Out of memory: the operation goes on, as it may after any request to stop.
        }
    }

    void destroy() noexcept override { delete this; }

    boost::asio::cancellation_signal signal_;
};

template <class T>
class as_future_handler {
public:
    using cancellation_slot_type = boost::asio::cancellation_slot;

    explicit as_future_handler(boost::asio::any_io_executor executor)
        : state_(new as_future_state<T>(std::move(executor)))
    {
        (*state_).begin_running();
    }

    state_ptr handle() noexcept { return (*state_).handle(); }

    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return static_cast<as_future_state<T>&>(*state_).slot();
    }

    void operator()() { (*state_).set_value(); }

    template <class First, class... Rest>
    void operator()(First&& first, Rest&&... rest)
    {
        if constexpr (is_completion_error<First>) {
            if (auto error = to_exception(std::forward<First>(first)))
                (*state_).set_error(std::move(error));
            else
                set(std::forward<Rest>(rest)...);
        } else {
            set(std::forward<First>(first), std::forward<Rest>(rest)...);
        }
    }

private:
    template <class... Values>
    void set(Values&&... values)
    {
        try {
            (*state_).set_value(std::forward<Values>(values)...);
        } catch (...) {
            (*state_).set_error(std::current_exception());
        }
    }

    promise_ptr<T> state_;
};

}  // namespace cofu::detail
