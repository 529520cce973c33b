// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Stackful coroutines: include this instead of <boost/asio/spawn.hpp> to use a yield_context as a
// completion token. Needs Boost.Context.

#include <cofu/detail/stackful_check.hpp>

#include <boost/asio/spawn.hpp>

#include <exception>
#include <utility>

namespace cofu::detail {

template <class Executor>
struct stackful_support {};

}  // namespace cofu::detail

#if BOOST_ASIO_VERSION < 102700

// There, a yield_context with the signature void(exception_ptr) crashes and with
// void(exception_ptr, T) does not compile.
namespace boost::asio::detail {

template <typename Executor, typename T>
class spawn_handler<Executor, void(std::exception_ptr, T)> : public spawn_handler_base<Executor> {
public:
    using return_type = T;

    struct result_type {
        std::exception_ptr* error = nullptr;
        T* value = nullptr;
    };

    spawn_handler(basic_yield_context<Executor> const& yield, result_type& result)
        : spawn_handler_base<Executor>(yield), result_(result)
    {
    }

    void operator()(std::exception_ptr error, T value)
    {
        result_.error = &error;
        result_.value = &value;
        this->resume();
    }

    static T on_resume(result_type& result)
    {
        if (*result.error)
            std::rethrow_exception(*result.error);
        return std::move(*result.value);
    }

private:
    result_type& result_;
};

template <typename Executor>
class spawn_handler<Executor, void(std::exception_ptr)> : public spawn_handler_base<Executor> {
public:
    using return_type = void;
    using result_type = std::exception_ptr*;

    spawn_handler(basic_yield_context<Executor> const& yield, result_type& result)
        : spawn_handler_base<Executor>(yield), result_(result)
    {
    }

    void operator()(std::exception_ptr error)
    {
        result_ = &error;
        this->resume();
    }

    static void on_resume(result_type& result)
    {
        if (*result)
            std::rethrow_exception(*result);
    }

private:
    result_type& result_;
};

}  // namespace boost::asio::detail

#endif
