// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Futures in the order in which they are done.

#include <cofu/detail/completion_queue.hpp>
#include <cofu/detail/future_range.hpp>
#include <cofu/detail/stackful_check.hpp>
#include <cofu/error.hpp>

#include <chrono>
#include <cstddef>
#include <iterator>
#include <utility>

namespace cofu {

/// Tells `completion_stream` not to end by itself.
struct keep_open_t {
    explicit keep_open_t() = default;
};
inline constexpr keep_open_t keep_open{};

namespace detail {

// What async_next waits for.
template <class F>
class stream_wait final : public queue_consumer {
public:
    // The initiator's, for as long as it starts.
    explicit stream_wait(completion_queue& queue) noexcept : queue_(&queue) {}

    bool start_at_once() noexcept { return queue_->take_at_once(*this); }

    bool start(pending_op& op)
    {
        op_ = &op;
        keep_ = queue_;
        return queue_->take(*this);
    }

    bool abandon() noexcept { return queue_->leave(*this); }

    void cancel(pending_op& op) noexcept
    {
        if (abandon()) {
            error_ = boost::asio::error::operation_aborted;
            op.post();
        }
    }

    shared_state* state() const noexcept { return item.get(); }

    auto result() &&
    {
        if (!error_ && what == outcome::timeout)
            error_ = errc::timed_out;
        keep_.reset();
        return [error = error_, found = future_access::make<F>(std::move(item))](
                   auto&& handler) mutable {
            std::forward<decltype(handler)>(handler)(error, std::move(found));
        };
    }

private:
    void settled(ready_ops& ready) noexcept override { ready.push(*op_); }

    completion_queue* const queue_;
    boost::intrusive_ptr<completion_queue> keep_;  // while it waits
    pending_op* op_ = nullptr;
    boost::system::error_code error_;
};

// Takes what is there, and never waits.
struct instant_consumer final : queue_consumer {
    void settled(ready_ops&) noexcept override {}
};

template <class F>
struct initiate_next {
    using executor_type = boost::asio::any_io_executor;

    lent_ptr<completion_queue> queue;

    executor_type get_executor() const noexcept { return queue->executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const&
    {
        initiate_next(*this)(std::forward<Handler>(handler));
    }
    template <class Handler>
    void operator()(Handler&& handler) &&
    {
        auto io = io_executor_for<Handler>([&] { return get_executor(); });
        initiate_op<stream_wait<F>>(std::forward<Handler>(handler), std::move(io), *queue.get());
    }
};

}  // namespace detail

/// Futures in the order in which they are done: finished ones first, then as they complete, each
/// once. The same object serves a blocking loop and coroutines.
///
/// F is `future<T>` or `any_future`. What was given is not kept alive. The timeout counts from the
/// construction, for the whole; futures that are done by then are still given first.
///
/// Thread safety: `add`, `close`, `next`, `async_next` and `remaining` of a shared object are safe;
/// a future goes to exactly one consumer, in turn of asking, and all of them get the end.
/// Lifetime: abandoning the stream deregisters it everywhere; the calls go on.
///
/// Source: Python's `concurrent.futures.as_completed`.
template <class F>
class completion_stream {
public:
    /// The kind of future that it gives.
    using value_type = F;

    /// Ends only after `close()`, when it is empty.
    explicit completion_stream(keep_open_t)
        : queue_(new detail::completion_queue(std::nullopt))
    {
    }
    /// The same, with a timeout for the whole.
    template <class Rep, class Period>
    completion_stream(keep_open_t, std::chrono::duration<Rep, Period> timeout)
        : queue_(new detail::completion_queue(detail::deadline_after(timeout)))
    {
    }

    completion_stream(completion_stream&&) noexcept = default;
    completion_stream& operator=(completion_stream&& other) noexcept
    {
        completion_stream(std::move(other)).queue_.swap(queue_);
        return *this;
    }
    /// An outstanding `async_next` still gets its future, or the end.
    ~completion_stream()
    {
        if (queue_)
            queue_->close();
    }

    /// Adds a future, also while others wait; one that waits here already is not added again.
    /// Exceptions: invalid_state_error after `close()`, and for an empty future; what allocating
    /// throws, and then nothing was added.
    void add(F const& f) { queue_->add(detail::state_ptr(&detail::checked_state(f))); }

    /// Nothing more will be added: the stream ends when it is empty.
    void close() { queue_->close(); }

    /// How many futures have not been given yet.
    std::size_t remaining() const { return queue_->remaining(); }

    /// Blocks; the next future that is done, or an empty one at the end. On a worker this is an
    /// interruption point. Exceptions: timeout_error, "2 (of 5) futures unfinished".
    F next()
    {
        auto what = detail::queue_consumer::outcome::end;
        detail::state_ptr item;
        queue_->take_blocking(what, item);
        if (what == detail::queue_consumer::outcome::timeout)
            throw timeout_error(queue_->unfinished_text());
        return detail::future_access::make<F>(std::move(item));
    }

    /// The next future that is done already; an empty one if there is none now, or at the end. So a
    /// coroutine that `async_next` resumed takes what came meanwhile without being suspended again.
    F try_next()
    {
        detail::instant_consumer consumer;
        queue_->take_at_once(consumer);
        return detail::future_access::make<F>(std::move(consumer.item));
    }

    /// The next future that is done, or an empty one at the end.
    ///
    /// Completion: `void(error_code, F)`, on the handler's associated executor, else on that of the
    /// first future. Errors: errc::timed_out.
    /// Cancellation: every type gives up the turn with `operation_aborted`.
    template <boost::asio::completion_token_for<void(boost::system::error_code, F)> Token =
                  boost::asio::deferred_t>
    auto async_next(Token&& token = {})
    {
        detail::check_stackful<Token>();
        return boost::asio::async_initiate<Token, void(boost::system::error_code, F)>(
            detail::initiate_next<F>{detail::lent_ptr<detail::completion_queue>(queue_.get())},
            token);
    }

    /// A single-pass range over `next()`.
    class iterator {
    public:
        using value_type = F;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        iterator() = default;

        F const& operator*() const noexcept { return current_; }
        /// Blocks until the next is done. Exceptions: as `next`.
        iterator& operator++()
        {
            current_ = F();  // nothing that was given is kept alive
            current_ = stream_->next();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) noexcept
        {
            return !i.current_.valid();
        }

    private:
        friend class completion_stream;
        explicit iterator(completion_stream& stream) : stream_(&stream), current_(stream.next()) {}

        completion_stream* stream_ = nullptr;
        F current_;
    };

    /// Blocks until the first is done. Exceptions: as `next`.
    iterator begin() { return iterator(*this); }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    template <detail::future_range Range>
    friend auto as_completed(Range&& futures)
        -> completion_stream<detail::range_future_t<Range>>;
    template <detail::future_range Range, class Rep, class Period>
    friend auto as_completed(Range&& futures, std::chrono::duration<Rep, Period> timeout)
        -> completion_stream<detail::range_future_t<Range>>;

    template <class Range>
    completion_stream(Range&& futures, detail::deadline const& limit)
        : queue_(new detail::completion_queue(limit))
    {
        if constexpr (std::ranges::sized_range<Range>)
            queue_->reserve(static_cast<std::size_t>(std::ranges::size(futures)));
        for (auto&& f : futures)
            queue_->add_first(detail::checked_state(f));
        queue_->end_when_empty();
    }

    boost::intrusive_ptr<detail::completion_queue> queue_;
};

/// A stream over a range of futures of any pools; duplicates count once.
/// Exceptions: invalid_state_error if one of them is empty.
///
/// `for (auto f : cofu::as_completed(futures))`, or
/// `auto stream = cofu::as_completed(futures); while (auto f = co_await stream.async_next())`.
template <detail::future_range Range>
auto as_completed(Range&& futures) -> completion_stream<detail::range_future_t<Range>>
{
    return {futures, std::nullopt};
}

/// With a timeout for the whole.
template <detail::future_range Range, class Rep, class Period>
auto as_completed(Range&& futures, std::chrono::duration<Rep, Period> timeout)
    -> completion_stream<detail::range_future_t<Range>>
{
    return {futures, detail::deadline_after(timeout)};
}

}  // namespace cofu
