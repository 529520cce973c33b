// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// An execution context that runs its functions only when the test says so, in order, on the calling
// thread.
#pragma once

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/mapping.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution/relationship.hpp>
#include <boost/asio/execution_context.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>

namespace cofu::test {

class manual_executor;

/// Thrown by `execute` when the context was told to refuse.
class execute_refused : public std::runtime_error
{
public:
    execute_refused() : std::runtime_error("manual_executor: told to refuse this function") {}
};

/// A queue of functions. Functions may be given on any thread; they run in `run_one` and `run_all`.
class manual_context : public boost::asio::execution_context
{
public:
    using executor_type = manual_executor;

    manual_context() = default;

    /// Destroys the functions that never ran.
    ~manual_context();

    executor_type get_executor() noexcept;

    /// Runs the oldest function; false when there was none. An exception of the function is the
    /// caller's.
    bool run_one();

    /// Runs until the queue is empty, at most `limit` functions; returns how many ran.
    std::size_t run_all(std::size_t limit = 1'000'000);

    /// Functions that wait to be run.
    std::size_t pending() const;

    /// Live executors of this context that track outstanding work.
    std::size_t outstanding_work() const noexcept { return work_.load(); }

    /// The `k`-th `execute` from now, counted from 1, throws `execute_refused`; 0 takes that back.
    void refuse(std::size_t k);

    /// True on the thread that is inside `run_one` or `run_all`.
    bool running_in_this_thread() const noexcept { return runner_ == std::this_thread::get_id(); }

private:
    friend class manual_executor;

    struct function
    {
        virtual ~function() = default;
        virtual void run() = 0;
    };

    template <class F>
    struct function_of final : function
    {
        explicit function_of(F f) : f_(std::move(f)) {}
        void run() override { std::move(f_)(); }

        F f_;
    };

    void check_refusal();
    void push(std::unique_ptr<function> f);
    std::unique_ptr<function> pop();

    mutable std::mutex mutex_;
    std::deque<std::unique_ptr<function>> queue_; // under mutex_
    std::size_t refuse_in_ = 0;                   // under mutex_
    std::atomic<std::size_t> work_{0};
    std::atomic<std::thread::id> runner_{};
};

/// An executor of a `manual_context`, with Asio's standard properties. `blocking.possibly`, as in
/// `asio::dispatch`, runs a function at once inside `run_one`; everything else is queued.
class manual_executor
{
public:
    explicit manual_executor(manual_context& context) noexcept : manual_executor(&context, {}) {}
    manual_executor(manual_executor const& o) noexcept : manual_executor(o.context_, o.bits_) {}
    manual_executor& operator=(manual_executor const& o) noexcept;
    ~manual_executor() { count(-1); }

    friend bool operator==(manual_executor const& a, manual_executor const& b) noexcept
    {
        return a.context_ == b.context_ && a.bits_ == b.bits_;
    }

    template <class F>
    void execute(F&& f) const
    {
        context_->check_refusal();
        if (!bits_.never_blocks && context_->running_in_this_thread())
            return std::decay_t<F>(std::forward<F>(f))();
        using node = manual_context::function_of<std::decay_t<F>>;
        context_->push(std::make_unique<node>(std::forward<F>(f)));
    }

    manual_executor require(boost::asio::execution::blocking_t::possibly_t) const noexcept;
    manual_executor require(boost::asio::execution::blocking_t::never_t) const noexcept;
    manual_executor require(boost::asio::execution::relationship_t::fork_t) const noexcept;
    manual_executor require(boost::asio::execution::relationship_t::continuation_t) const noexcept;
    manual_executor require(boost::asio::execution::outstanding_work_t::tracked_t) const noexcept;
    manual_executor require(boost::asio::execution::outstanding_work_t::untracked_t) const noexcept;

    manual_context& query(boost::asio::execution::context_t) const noexcept { return *context_; }
    boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) const noexcept;
    boost::asio::execution::relationship_t query(
        boost::asio::execution::relationship_t) const noexcept;
    boost::asio::execution::outstanding_work_t query(
        boost::asio::execution::outstanding_work_t) const noexcept;
    static constexpr boost::asio::execution::mapping_t query(
        boost::asio::execution::mapping_t) noexcept
    {
        return boost::asio::execution::mapping.thread;
    }

private:
    struct properties
    {
        bool never_blocks = false;
        bool continuation = false;
        bool tracked = false;

        friend bool operator==(properties const&, properties const&) = default;
    };

    manual_executor(manual_context* context, properties bits) noexcept;
    void count(int change) const noexcept;

    manual_context* context_;
    properties bits_;
};

} // namespace cofu::test
