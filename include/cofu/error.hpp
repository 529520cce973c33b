// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What can go wrong in the machinery: one error code each, and one exception class with that code.

#include <cofu/config.hpp>
#include <cofu/detail/late_text.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

namespace cofu {

namespace detail {
struct origin_access;
}

/// The library's own errors. What a user's function threw is never translated into one of these.
/// The one of deadlocks has its number already, and nothing gives it yet.
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

/// A process pool can't start workers any more; the nested exception is the cause.
class BOOST_SYMBOL_VISIBLE broken_process_pool : public broken_executor {
public:
    broken_process_pool() : broken_executor(errc::broken_process_pool) {}
    explicit broken_process_pool(std::string const& what)
        : broken_executor(errc::broken_process_pool, what)
    {
    }
};

/// The call was asked to stop when its time was over, and ended by that.
class BOOST_SYMBOL_VISIBLE task_timed_out : public error {
public:
    explicit task_timed_out(std::string const& what) : error(errc::task_timed_out, what) {}
};

/// A call or its result could not cross to another process: it could not be encoded or decoded,
/// was too large, or named a function that the other process does not have.
class BOOST_SYMBOL_VISIBLE transport_error : public error {
public:
    explicit transport_error(std::string const& what) : error(errc::transport_failed, what) {}
};

/// How a worker process ended, as far as it is known.
struct worker_end {
    int pid = 0;                        ///< its process id
    std::optional<int> signal = {};     ///< the signal that killed it
    std::optional<int> exit_code = {};  ///< what it exited with; neither: status unknown
    std::string last_words = {};        ///< what it could still say
};

/// A worker process died in this call, or vanished (`code()` is `errc::worker_lost`).
class BOOST_SYMBOL_VISIBLE worker_crashed : public error {
public:
    /// The text says how it ended, and its last words.
    COFU_DECL explicit worker_crashed(worker_end end, errc e = errc::worker_crashed);
    /// `words`: what `last_words` gives; the text has `end.last_words` only.
    COFU_DECL worker_crashed(worker_end end, detail::late_text words, errc e);

    /// The worker's process id.
    int pid() const noexcept { return record_->end.pid; }
    /// The signal that killed it, if one did.
    std::optional<int> signal() const noexcept { return record_->end.signal; }
    /// What it exited with, if it did. Neither this nor a signal: its status is unknown.
    std::optional<int> exit_code() const noexcept { return record_->end.exit_code; }
    /// What it could still say: the exception that ended it, its stack then (as
    /// `remote_origin::trace`) if a signal or `std::terminate` ended it, and with
    /// `worker_stderr::tee` the end of what it wrote to its standard error stream. Made when it is
    /// first read, which takes milliseconds.
    std::string const& last_words() const noexcept { return record_->words.get(); }

private:
    struct record {
        worker_end end;
        detail::late_text words;
    };
    std::shared_ptr<record const> record_;  // shared, so that copying never throws
};

/// The call used more of something than its worker may.
///
/// Units: those of the limit, bytes or milliseconds; the text names it.
class BOOST_SYMBOL_VISIBLE limit_exceeded : public error {
public:
    limit_exceeded(std::string const& what, std::uint64_t limit, std::uint64_t value)
        : error(errc::limit_exceeded, what), limit_(limit), value_(value)
    {
    }

    /// How much the call may use.
    std::uint64_t limit() const noexcept { return limit_; }
    /// How much it used, as far as it was seen.
    std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t limit_;
    std::uint64_t value_;
};

/// Where an exception that came from a worker process was thrown. A base of `remote_error` and of
/// every exception that was rebuilt here: `catch (std::out_of_range const& e)` gets it, and
/// `origin_of(e)` asks it.
class BOOST_SYMBOL_VISIBLE remote_origin {
public:
    /// `trace`: a text, or what makes one when it is first read.
    COFU_DECL remote_origin(std::string type_name, std::string message, detail::late_text trace);
    virtual ~remote_origin() = default;

    /// The exception's type in the worker, as a person writes it.
    std::string const& type_name() const noexcept { return text_->type_name; }
    /// What it said there.
    std::string const& message() const noexcept { return text_->message; }
    /// The worker's stack where it was thrown, or thrown on by `throw;` or `rethrow_exception`: a
    /// line a frame, from there to the call's function, with the module and the place in it, which
    /// `addr2line -Cfe` takes. Names are those of the files' symbol tables; a stripped file has
    /// few. Made when it is first read, which takes milliseconds. Empty if the stack was not taken:
    /// that needs libstdc++, and an exception that left the function by being thrown.
    std::string const& trace() const noexcept { return text_->trace.get(); }

private:
    friend detail::origin_access;

    struct texts {
        std::string type_name, message;
        detail::late_text trace;
    };
    std::shared_ptr<texts const> text_;  // shared, so that copying never throws
};

/// Where `e` was thrown, if it came from a worker process, else null.
///
/// Lifetime: that of the exception.
inline remote_origin const* origin_of(std::exception const& e) noexcept
{
    return dynamic_cast<remote_origin const*>(&e);
}

/// A call threw an exception of a type that can't be rebuilt here; `register_exception` makes it
/// one that can.
class BOOST_SYMBOL_VISIBLE remote_error : public error, public remote_origin {
public:
    COFU_DECL remote_error(std::string type_name, std::string message, detail::late_text trace);

    /// What it said in the worker.
    char const* what() const noexcept override { return message().c_str(); }
};

}  // namespace cofu

template <>
struct boost::system::is_error_code_enum<cofu::errc> : std::true_type {};
