// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What can go wrong in the machinery: one error code each, and one exception class with that code.

#include <cofu/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <type_traits>

namespace cofu {

/// The library's own errors. What a user's function threw is never translated into one of these.
/// Those of deadlocks and of worker processes have their numbers already, and nothing gives them
/// yet.
///
/// `cancelled` is equivalent to `boost::system::errc::operation_canceled` (and so to
/// `boost::asio::error::operation_aborted`); `timed_out` and `task_timed_out` are equivalent to
/// `boost::system::errc::timed_out`.
enum class errc {
    cancelled = 1,        ///< the call was cancelled, or ended by an interruption
    timed_out,            ///< a wait's time was over
    invalid_state,        ///< the operation makes no sense in this state
    broken_promise,       ///< the promise was destroyed without a result
    shut_down,            ///< the pool takes no calls any more
    queue_full,           ///< the pool's queue is full
    deadlock,             ///< calls wait for each other in a circle
    broken_thread_pool,   ///< a worker's initializer failed
    broken_process_pool,  ///< a process pool can't start workers any more
    worker_crashed,       ///< a worker process died in this call
    worker_lost,          ///< a worker process vanished
    task_timed_out,       ///< the call ran longer than it may
    limit_exceeded,       ///< the call used more of something than it may
    remote_exception,     ///< an exception of a type that can't be rebuilt here
    transport_failed      ///< a call or its result could not cross to another process
};

/// The category of `errc`; its name is "cofu".
COFU_DECL boost::system::error_category const& category() noexcept;

/// Makes a code of `category()`.
inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

/// Base of all exceptions of the library; `code()` is an `errc`.
class BOOST_SYMBOL_VISIBLE error : public boost::system::system_error {
public:
    /// With the text of the code.
    explicit error(errc e) : system_error(make_error_code(e)) {}
    /// With a text of its own before that.
    error(errc e, std::string const& what) : system_error(make_error_code(e), what) {}
};

/// The call was cancelled before it began, or it ended by an interruption.
class BOOST_SYMBOL_VISIBLE cancelled_error : public error {
public:
    cancelled_error() : error(errc::cancelled) {}
};

/// A wait's time was over; what was waited for goes on.
class BOOST_SYMBOL_VISIBLE timeout_error : public error {
public:
    timeout_error() : error(errc::timed_out) {}
    explicit timeout_error(std::string const& what) : error(errc::timed_out, what) {}
};

/// The operation makes no sense in this state; the text says which and why.
class BOOST_SYMBOL_VISIBLE invalid_state_error : public error {
public:
    explicit invalid_state_error(std::string const& what) : error(errc::invalid_state, what) {}
};

/// The promise was destroyed without a result.
class BOOST_SYMBOL_VISIBLE broken_promise : public error {
public:
    broken_promise() : error(errc::broken_promise) {}
};

/// The pool takes no calls any more.
class BOOST_SYMBOL_VISIBLE shut_down_error : public error {
public:
    shut_down_error() : error(errc::shut_down) {}
};

/// The pool's queue is full.
class BOOST_SYMBOL_VISIBLE queue_full_error : public error {
public:
    queue_full_error() : error(errc::queue_full) {}
};

/// A pool can't run calls any more; the nested exception is the cause.
class BOOST_SYMBOL_VISIBLE broken_executor : public error {
public:
    using error::error;
};

/// A thread pool's initializer threw; the nested exception is what it threw.
class BOOST_SYMBOL_VISIBLE broken_thread_pool : public broken_executor {
public:
    broken_thread_pool() : broken_executor(errc::broken_thread_pool) {}
    explicit broken_thread_pool(std::string const& what)
        : broken_executor(errc::broken_thread_pool, what)
    {
    }
};

/// The call was asked to stop when its time was over, and ended by that.
class BOOST_SYMBOL_VISIBLE task_timed_out : public error {
public:
    explicit task_timed_out(std::string const& what) : error(errc::task_timed_out, what) {}
};

}  // namespace cofu

template <>
struct boost::system::is_error_code_enum<cofu::errc> : std::true_type {};
