// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A map over a pool and its inputs, and waiting for its next result.

#include <cofu/detail/map_run.hpp>
#include <cofu/error.hpp>

#include <memory>
#include <new>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace cofu::detail {

template <class R>
struct map_value {
    using type = R;
};
template <class R>
struct map_value<R&> {
    using type = std::reference_wrapper<R>;
};
template <>
struct map_value<void> {
    using type = std::monostate;
};

template <class F, class... Views>
using map_result_t = typename map_value<
    typename bound_call<F, std::decay_t<std::ranges::range_reference_t<Views>>...>::result>::type;

// How inputs are kept: a view or an rvalue is owned, another lvalue referred to. As std::views::all
// does, which clang before 16 can't use.
template <class Range>
using kept_range_t = std::conditional_t<
    std::is_lvalue_reference_v<Range> && !std::ranges::view<std::remove_cvref_t<Range>>, Range,
    std::remove_cvref_t<Range>>;

template <class Pool, class F, class... Views>
class map_run_over final : public map_run<map_result_t<F, Views...>> {
public:
    using result = map_result_t<F, Views...>;

    map_run_over(Pool& pool, map_options const& options, F f, Views... views)
        : map_run<result>(options),
          pool_(pool),
          function_(std::move(f)),
          views_(std::forward<Views>(views)...),
          position_(
              std::apply([](auto&... v) { return positions(std::ranges::begin(v)...); }, views_))
    {}

private:
    using inputs = std::vector<std::tuple<std::decay_t<std::ranges::range_reference_t<Views>>...>>;
    using positions = std::tuple<std::ranges::iterator_t<Views>...>;
    using call = map_call<result, F, std::decay_t<std::ranges::range_reference_t<Views>>...>;

    boost::asio::any_io_executor executor() noexcept override { return pool_.get_executor(); }

    bool submit_chunk(std::size_t size) override
    {
        if (!next_)
            read(size);
        if (!next_)
            return false;
        auto const calls = next_->size();
        // A full queue leaves the call as it was, for a later try.
        auto f = pool_.try_submit(std::move(*next_));
        if (!f) {
            if (this->is_idle())
                throw queue_full_error();
            return false;
        }
        next_.reset();
        this->submitted(std::move(*f), calls);
        return true;
    }

    // Reads up to `size` inputs; the shortest range ends it. What was read stays when an input
    // throws; that input is not read again, unless for lack of memory.
    void read(std::size_t size)
    {
        while (read_.size() < size && !at_end()) {
            if (read_.size() == read_.capacity())
                read_.reserve(2 * read_.size() + 1);
            is_read_ = true;
            try {
                std::apply([&](auto&... i) { read_.emplace_back(*i...); }, position_);
            } catch (std::bad_alloc const&) {
                is_read_ = false;
                throw;
            }
        }
        if (read_.empty())
            this->exhausted();
        else
            next_.emplace(F(function_), std::exchange(read_, {}), this->cost());
    }

    // Advances as late as it can: the next input may not be there before it is needed.
    bool at_end()
    {
        if (std::exchange(is_read_, false))
            std::apply([](auto&... i) { (++i, ...); }, position_);
        return [this]<std::size_t... I>(std::index_sequence<I...>)
        {
            return ((std::get<I>(position_) == std::ranges::end(std::get<I>(views_))) || ...);
        }
        (std::index_sequence_for<Views...>());
    }

    Pool& pool_;
    F function_;
    std::tuple<Views...> views_;
    positions position_;
    bool is_read_ = false;      // what position_ points to
    inputs read_;               // for the next call
    std::optional<call> next_;  // read, and not yet submitted
};

// Blocks until the next result is there, or none will come.
template <class R>
void wait_for_next(map_run<R>& run)
{
    if (run.is_ready())
        return;
    run.fill();
    if (run.is_over())
        return;
    shared_state* done = nullptr;
    if (auto const& completed = run.completed()) {
        auto what = queue_consumer::outcome::end;
        auto item = run.take_back();
        if (!item)
            completed->take_blocking(what, item);
        done = item.get();  // the run keeps it alive
    } else if (auto const front = run.front(); front->wait_until(run.limit())) {
        done = front.get();
    }
    if (!done) {
        run.cancel_rest();
        throw timeout_error("map: its time is over; the rest was cancelled");
    }
    run.load(done);
}

// What async_next of map_results waits for: a set of one call in input order, else the stream.
template <class R>
class map_wait final : public queue_consumer {
public:
    explicit map_wait(std::shared_ptr<map_run<R>> run) noexcept : run_(std::move(run)) {}
    ~map_wait()
    {
        if (item)
            run_->give_back(std::move(item));
    }

    bool start(pending_op& op)
    {
        op_ = &op;
        if (run_->is_ready())
            return true;
        try {
            run_->fill();
        } catch (...) {
            error_ = std::current_exception();
            return true;
        }
        if (run_->is_over())
            return true;
        if ((queue_ = run_->completed())) {
            item = run_->take_back();
            return item || queue_->take(*this);
        }
        front_ = run_->front();
        shared_state* const calls[] = {front_.get()};
        set_.emplace(calls, return_when::all_completed, run_->limit());
        return set_->start(op);
    }

    bool abandon() noexcept
    {
        if (queue_)
            return queue_->leave(*this);
        return set_ && set_->abandon();
    }

    void cancel(pending_op& op) noexcept
    {
        if (abandon()) {
            error_ = aborted_exception();
            op.post();
        }
    }

    shared_state* state() const noexcept { return front_.get(); }

    auto result() &&
    {
        if (set_)
            set_->stop();
        return [run = std::move(run_), error = std::move(error_),
                done = queue_ ? std::move(item)
                              : finished(std::move(front_))](auto&& handler) mutable {
            std::optional<R> value;
            if (!error)
                error = next_outcome(*run, std::move(done), value);
            run.reset();
            std::forward<decltype(handler)>(handler)(std::move(error), std::move(value));
        };
    }

private:
    void settled(ready_ops& ready) noexcept override { ready.push(*op_); }

    static state_ptr finished(state_ptr call) noexcept
    {
        return call && call->done() ? std::move(call) : nullptr;
    }

    static std::exception_ptr next_outcome(map_run<R>& run, state_ptr done, std::optional<R>& value)
    {
        if (done)
            run.load(done.get());
        if (run.is_over())
            return nullptr;
        if (!run.is_ready()) {
            run.cancel_rest();
            return std::make_exception_ptr(
                timeout_error("map: its time is over; the rest was cancelled"));
        }
        auto& outcome = run.peek();
        std::exception_ptr error;
        if (outcome.index() == 1)
            error = std::get<1>(outcome);
        else
            value.emplace(std::get<0>(std::move(outcome)));
        run.skip();
        return error;
    }

    std::shared_ptr<map_run<R>> run_;
    pending_op* op_ = nullptr;
    boost::intrusive_ptr<completion_queue> queue_;
    state_ptr front_;
    std::optional<async_wait_set> set_;
    std::exception_ptr error_;
};

template <class R>
struct initiate_map_next {
    using executor_type = boost::asio::any_io_executor;

    std::shared_ptr<map_run<R>> run;

    executor_type get_executor() const noexcept { return run->executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const
    {
        initiate_op<map_wait<R>>(std::forward<Handler>(handler), get_executor(), run);
    }
};

}  // namespace cofu::detail
