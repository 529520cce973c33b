// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A function over ranges of inputs, run by a pool.

#include <cofu/detail/map_run.hpp>
#include <cofu/detail/map_wait.hpp>
#include <cofu/detail/stackful_check.hpp>
#include <cofu/map_options.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>

namespace cofu {

/// The results of `pool.map(f, ranges...)`: a move-only, single-pass range of R, also for
/// coroutines.
///
/// `map` submits at the call, in order, up to `buffersize` calls ahead, and further ones as results
/// are taken; the shortest range ends it. Ranges are taken as by `std::views::all`: views are
/// copied, other lvalues are referred to and outlive this. R is what `f` returns; `std::monostate` for void,
/// `std::reference_wrapper` for a reference. `f` is copied into each chunk of calls.
///
/// A call's exception is thrown by `operator*` at its place, and the iteration can go on; `++`
/// throws only timeout_error, which cancels the rest, and what an input or `submit` throws: then
/// nothing is lost but the input that threw, and the next `++` goes on. Dropping or closing the
/// results cancels what has not begun.
///
/// Thread safety: distinct objects are safe, shared ones are not.
/// Lifetime: the pool outlives it.
///
/// Source: Python's `Executor.map`.
template <class R>
class map_results {
public:
    /// What the function returns, as an object.
    using value_type = R;

    map_results(map_results&&) noexcept = default;
    map_results& operator=(map_results&&) noexcept = default;
    ~map_results() = default;

    /// Cancels what has not begun; the range is over.
    void close() { run_->cancel_rest(); }

    /// The next result, or nullopt at the end.
    ///
    /// Completion: `void(exception_ptr, std::optional<R>)`, on the handler's associated executor,
    /// else on the pool's. The exception is that of the call at its place, and the iteration can go
    /// on; or timeout_error, which cancels the rest.
    /// Cancellation: every type abandons the waiting with `operation_aborted`; nothing is lost. One
    /// at a time.
    template <boost::asio::completion_token_for<void(std::exception_ptr, std::optional<R>)> Token =
                  boost::asio::deferred_t>
    auto async_next(Token&& token = {})
    {
        detail::check_stackful<Token>();
        return boost::asio::async_initiate<Token, void(std::exception_ptr, std::optional<R>)>(
            detail::initiate_map_next<R>{run_}, token);
    }

    /// An input iterator; `*i` is an rvalue, so `auto x = *i` moves the result out.
    class iterator {
    public:
        using value_type = R;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        iterator() = default;

        /// The result of the call at this place. Exceptions: what that call threw.
        R&& operator*() const
        {
            auto& outcome = run_->peek();
            if (outcome.index() == 1)
                std::rethrow_exception(std::get<1>(outcome));
            return std::get<0>(std::move(outcome));
        }
        /// Blocks until the next result is there. Exceptions: see `map_results`.
        iterator& operator++()
        {
            if (run_->is_ready())
                run_->skip();
            detail::wait_for_next(*run_);
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) noexcept
        {
            return i.run_->is_over();
        }

    private:
        friend class map_results;
        explicit iterator(detail::map_run<R>& run) : run_(&run) { detail::wait_for_next(run); }

        detail::map_run<R>* run_ = nullptr;
    };

    /// Blocks until the first result is there. Exceptions: as `++`.
    iterator begin() { return iterator(*run_); }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    template <class Pool, class F, class... Ranges>
    friend auto map_over(Pool& pool, map_options options, F f, Ranges&&... ranges);

    explicit map_results(std::shared_ptr<detail::map_run<R>> run) : run_(std::move(run)) {}

    std::shared_ptr<detail::map_run<R>> run_;
};

/// What `pool.map(options, f, ranges...)` does, for any pool.
template <class Pool, class F, class... Ranges>
auto map_over(Pool& pool, map_options options, F f, Ranges&&... ranges)
{
    using run = detail::map_run_over<Pool, F, detail::kept_range_t<Ranges>...>;
    auto made = std::make_shared<run>(pool, options, std::move(f), std::forward<Ranges>(ranges)...);
    made->fill();
    return map_results<typename run::result>(std::move(made));
}

}  // namespace cofu
