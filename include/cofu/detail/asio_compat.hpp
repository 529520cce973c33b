// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What differs between the versions of Asio: 1.26 (Boost 1.81) can't await our operations without
// help, and 1.27 added immediate executors.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/version.hpp>

#if BOOST_ASIO_VERSION >= 102700
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_immediate_executor.hpp>

#include <type_traits>
#endif

namespace cofu::detail {

// Whether the user bound an immediate executor, on which an operation that is complete at its
// initiation completes.
#if BOOST_ASIO_VERSION >= 102700
template <class Handler>
inline constexpr bool has_immediate_executor = !std::is_same_v<
    boost::asio::associated_immediate_executor_t<Handler, boost::asio::any_io_executor>,
    boost::asio::associated_immediate_executor_t<int, boost::asio::any_io_executor>>;
template <class Handler, class Executor>
auto immediate_executor_of(Handler const& handler, Executor const& otherwise) noexcept
{
    return boost::asio::get_associated_immediate_executor(handler, otherwise);
}
#else
template <class Handler>
inline constexpr bool has_immediate_executor = false;
template <class Handler, class Executor>
Executor immediate_executor_of(Handler const&, Executor const& otherwise) noexcept
{
    return otherwise;
}
#endif

}  // namespace cofu::detail

#if BOOST_ASIO_VERSION < 102700

// There, awaiting a deferred operation with the signature void(exception_ptr, T) does not compile:
// the general template tests its result structure instead of the exception. These specialisations
// match no instantiation that could have compiled before.
namespace boost::asio::detail {

template <typename T, typename Executor>
class awaitable_async_op_handler<void(std::exception_ptr, T), Executor>
    : public awaitable_thread<Executor> {
public:
    struct result_type {
        std::exception_ptr* error = nullptr;
        T* value = nullptr;
    };

    awaitable_async_op_handler(awaitable_thread<Executor>* thread, result_type& result)
        : awaitable_thread<Executor>(std::move(*thread)), result_(result)
    {
    }

    void operator()(std::exception_ptr error, T value)
    {
        result_.error = &error;
        result_.value = &value;
        this->entry_point()->top_of_stack_->attach_thread(this);
        this->entry_point()->top_of_stack_->clear_cancellation_slot();
        this->pump();
    }

    static T resume(result_type& result)
    {
        if (*result.error)
            std::rethrow_exception(std::exchange(*result.error, nullptr));
        return std::move(*result.value);
    }

private:
    result_type& result_;
};

}  // namespace boost::asio::detail

#endif
