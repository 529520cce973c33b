// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A completion token that makes a future of any operation of Asio.

#include <cofu/detail/as_future_state.hpp>
#include <cofu/future.hpp>

#include <boost/asio/async_result.hpp>

#include <utility>

namespace cofu {

/// The type of `as_future`.
struct as_future_t {};

/// A completion token that makes a future of any operation:
/// `future<void> t = timer.async_wait(cofu::as_future)`.
///
/// An error becomes the future's exception; one further value is the result, several are a tuple.
/// The future is running from the start, so `cancel()` gives false; `request_stop()` emits terminal
/// cancellation on the operation's executor. If the handler is destroyed unrun, the future ends
/// with `broken_promise`.
inline constexpr as_future_t as_future{};

}  // namespace cofu

template <class R, class... Args>
class boost::asio::async_result<cofu::as_future_t, R(Args...)> {
public:
    using value_type = typename cofu::detail::future_value<Args...>::type;
    using return_type = cofu::future<value_type>;

    template <class Initiation, class... InitArgs>
    static return_type initiate(Initiation&& initiation, cofu::as_future_t, InitArgs&&... args)
    {
        cofu::detail::as_future_handler<value_type> handler(
            cofu::detail::io_executor_of(initiation));
        auto result = cofu::detail::future_access::make<return_type>(handler.handle());
        std::forward<Initiation>(initiation)(std::move(handler), std::forward<InitArgs>(args)...);
        return result;
    }
};
