// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// An executor around another one that remembers what ran through it: how often, where, and whether
// it ran inside the initiating function.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace cofu::test {

/// Marks a part of this thread as the inside of an initiating function:
/// `{ initiation_scope inside; fut.async_wait(handler); }`.
class initiation_scope
{
public:
    initiation_scope() noexcept { ++depth_; }
    ~initiation_scope() { --depth_; }
    initiation_scope(initiation_scope const&) = delete;
    initiation_scope& operator=(initiation_scope const&) = delete;

    /// True on a thread with a live scope.
    static bool active() noexcept { return depth_ != 0; }

private:
    static inline thread_local int depth_ = 0;
};

/// What ran through the copies of one tracker_executor.
class execution_log
{
public:
    /// Functions given to `execute`.
    std::size_t given() const;

    /// Functions that ran.
    std::size_t ran() const;

    /// Of these, the ones that ran in a thread with a live `initiation_scope`.
    std::size_t ran_inside_initiation() const;

    /// The thread of each function that ran, in order.
    std::vector<std::thread::id> threads() const;

    /// True while a function that went through the executor runs on this thread.
    bool running_in_this_thread() const noexcept;

    /// Called by the executor.
    void note_given();

private:
    friend class execution_scope;

    void note_run();

    mutable std::mutex mutex_;
    std::size_t given_ = 0;                // under mutex_
    std::size_t inside_ = 0;               // under mutex_
    std::vector<std::thread::id> threads_; // under mutex_
};

/// Marks a function as running through an executor; made by the executor.
class execution_scope
{
public:
    explicit execution_scope(execution_log& log);
    ~execution_scope();
    execution_scope(execution_scope const&) = delete;
    execution_scope& operator=(execution_scope const&) = delete;

private:
    friend class execution_log;

    static thread_local execution_scope const* innermost_;

    execution_log const& log_;
    execution_scope const* const outer_;
};

/// Forwards to `inner`, with all its properties, and writes the log.
class tracker_executor
{
public:
    // A template, so that copying does not ask whether a tracker converts to any_io_executor.
    template <class Inner>
        requires(!std::same_as<Inner, tracker_executor>)
    explicit tracker_executor(Inner const& inner)
        : tracker_executor(inner, std::make_shared<execution_log>())
    {
    }

    execution_log const& log() const noexcept { return *log_; }

    friend bool operator==(tracker_executor const& a, tracker_executor const& b) noexcept
    {
        return a.inner_ == b.inner_ && a.log_ == b.log_;
    }

    template <class F>
    void execute(F&& f) const
    {
        log_->note_given();
        inner_.execute(
            [log = log_, f = std::decay_t<F>(std::forward<F>(f))]() mutable
            {
                execution_scope scope(*log);
                std::move(f)();
            });
    }

    template <class Property>
        requires boost::asio::can_query<boost::asio::any_io_executor const&, Property>::value
    decltype(auto) query(Property const& p) const
    {
        return boost::asio::query(inner_, p);
    }

    template <class Property>
        requires boost::asio::can_require<boost::asio::any_io_executor const&, Property>::value
    tracker_executor require(Property const& p) const
    {
        return {boost::asio::require(inner_, p), log_};
    }

    template <class Property>
        requires boost::asio::can_prefer<boost::asio::any_io_executor const&, Property>::value
    tracker_executor prefer(Property const& p) const
    {
        return {boost::asio::prefer(inner_, p), log_};
    }

private:
    tracker_executor(boost::asio::any_io_executor inner, std::shared_ptr<execution_log> log)
        : inner_(std::move(inner)), log_(std::move(log))
    {
    }

    boost::asio::any_io_executor inner_;
    std::shared_ptr<execution_log> log_;
};

} // namespace cofu::test
