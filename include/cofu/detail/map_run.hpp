// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A map under way: reads inputs, submits chunks of calls, gives their results in order.

#include <cofu/detail/bound_call.hpp>
#include <cofu/detail/completion_queue.hpp>
#include <cofu/detail/exception_text.hpp>
#include <cofu/detail/passing_exception.hpp>
#include <cofu/detail/wait_set.hpp>
#include <cofu/future.hpp>
#include <cofu/map_options.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <stop_token>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace cofu::detail {

// What one call of a chunk gave.
template <class R>
using map_outcome = std::variant<R, std::exception_ptr>;

// What a chunk of calls gave.
template <class R>
struct map_chunk {
    std::vector<map_outcome<R>> outcomes;
    std::chrono::nanoseconds time{};  // that the calls took together, if it was measured
};

// The time that calls took, for chunksize = 0.
class call_cost {
public:
    void add(std::chrono::nanoseconds time, std::size_t calls) noexcept
    {
        auto const each = std::max<long long>(1, time.count() / static_cast<long long>(calls));
        nanoseconds_.store(each, std::memory_order_relaxed);
    }

    // So many calls that a chunk takes about 100 us; 1 while nothing is known.
    std::size_t chunk() const noexcept
    {
        constexpr long long target = 100'000;
        constexpr long long most = 1'024;
        auto const each = nanoseconds_.load(std::memory_order_relaxed);
        return each == 0 ? 1 : static_cast<std::size_t>(std::clamp(target / each, 1LL, most));
    }

private:
    std::atomic<long long> nanoseconds_{0};
};

// Calls a function for each of some inputs. A stop ends the current call; the rest are cancelled.
template <class R, class F, class... A>
class map_call {
public:
    map_call(F function, std::vector<std::tuple<A...>> inputs, std::shared_ptr<call_cost> cost)
        : function_(std::move(function)), inputs_(std::move(inputs)), cost_(std::move(cost))
    {
    }

    // In another process, which tells the time that the calls took.
    map_call(F function, std::vector<std::tuple<A...>> inputs, bool is_measured)
        : map_call(std::move(function), std::move(inputs),
                   is_measured ? std::make_shared<call_cost>() : nullptr)
    {
    }

    std::size_t size() const noexcept { return inputs_.size(); }

    map_chunk<R> operator()(std::stop_token token)
    {
        using clock = std::chrono::steady_clock;
        auto const start = cost_ ? clock::now() : clock::time_point();
        map_chunk<R> chunk;
        chunk.outcomes.reserve(inputs_.size());
        for (auto& input : inputs_)
            chunk.outcomes.push_back(one(token, std::move(input)));
        if (cost_) {
            chunk.time = clock::now() - start;
            cost_->add(chunk.time, chunk.outcomes.size());
        }
        return chunk;
    }

private:
    map_outcome<R> one(std::stop_token const& token, std::tuple<A...> input)
    {
        if (token.stop_requested())
            return std::make_exception_ptr(cancelled_error());
        try {
            return std::apply(
                [&](A&&... a) -> map_outcome<R> {
                    bound_call<std::reference_wrapper<F>, A...> call(
                        std::in_place, std::ref(function_), std::move(a)...);
                    if constexpr (std::is_void_v<decltype(invoke(call, token))>) {
                        invoke(call, token);
                        return map_outcome<R>(std::in_place_index<0>);
                    } else {
                        return map_outcome<R>(std::in_place_index<0>, invoke(call, token));
                    }
                },
                std::move(input));
        } catch (passing_exception const&) {  // none is
            return std::make_exception_ptr(cancelled_error());
        } catch (...) {
            return map_outcome<R>(std::in_place_index<1>, current_call_exception());
        }
    }

    template <class Call>
    static decltype(auto) invoke(Call& call, std::stop_token const& token)
    {
        if constexpr (Call::wants_stop_token)
            return call(token);
        else
            return call();
    }

    friend struct map_call_access;

    F function_;
    std::vector<std::tuple<A...>> inputs_;
    std::shared_ptr<call_cost> cost_;
};

// What map_results needs of a map; the ranges and the pool are behind it.
template <class R>
class map_run {
public:
    using chunk_future = future<map_chunk<R>>;

    explicit map_run(map_options const& options)
        : options_(options),
          limit_(deadline_after(options.timeout)),
          cost_(options.chunksize == 0 ? std::make_shared<call_cost>() : nullptr)
    {
        if (options.order == map_order::completion)
            completed_.reset(new completion_queue(limit_));
    }
    virtual ~map_run() { cancel_rest(); }
    map_run(map_run const&) = delete;
    map_run& operator=(map_run const&) = delete;

    deadline const& limit() const noexcept { return limit_; }

    // Reads and submits as far ahead as the buffer allows. Throws what the inputs and submit throw.
    void fill()
    {
        if (unfiled_)
            file();
        while (!is_exhausted_ && has_room() && submit_chunk(chunk_size())) {
        }
    }

    // The next result is here; or none will come.
    bool is_ready() const noexcept { return position_ < size_; }
    bool is_over() const noexcept
    {
        return in_flight_.empty() && !unfiled_ && is_exhausted_ && !is_ready();
    }

    // In input order: the chunk whose end is waited for. In order of completion:
    // where chunks come from, else null.
    state_ptr front() const noexcept
    {
        return future_access::state(in_flight_.find(order_.front())->second.chunk);
    }
    boost::intrusive_ptr<completion_queue> const& completed() const noexcept { return completed_; }

    virtual boost::asio::any_io_executor executor() noexcept = 0;

    // A chunk that is done: its results are given next, unless the rest was cancelled.
    void load(shared_state* chunk) noexcept
    {
        auto const found = in_flight_.find(chunk);
        if (found == in_flight_.end())
            return;
        auto done = std::move(found->second);
        in_flight_.erase(found);
        if (!completed_)
            order_.pop_front();
        position_ = 0;
        size_ = done.calls;
        try {
            auto chunk = std::move(done.chunk).result();
            current_ = std::move(chunk.outcomes);
            if (cost_)
                cost_->add(chunk.time, done.calls);  // the calls may have run in another process
        } catch (...) {
            // The chunk as a whole was cancelled or failed: so was each of its calls.
            current_.clear();
            std::get<1>(failure_) = std::current_exception();
        }
    }

    // A chunk that the stream gave to a handler which never ran.
    void give_back(state_ptr chunk) noexcept { returned_ = std::move(chunk); }
    state_ptr take_back() noexcept { return std::exchange(returned_, nullptr); }

    map_outcome<R>& peek() noexcept { return current_.empty() ? failure_ : current_[position_]; }
    void skip() noexcept
    {
        --not_given_;
        ++position_;
    }

    // Cancels what has not begun; nothing more is given.
    void cancel_rest() noexcept
    {
        is_exhausted_ = true;
        for (auto& [state, f] : in_flight_)
            f.chunk.cancel();
        if (unfiled_)
            unfiled_->chunk.cancel();
        unfiled_.reset();
        in_flight_.clear();
        order_.clear();
        current_.clear();
        position_ = size_ = 0;
    }

protected:
    // Submits a call for up to `size` inputs and tells submitted(). False: the inputs are over, and
    // exhausted() was told; or the pool's queue is full while something is in flight.
    virtual bool submit_chunk(std::size_t size) = 0;

    void exhausted() noexcept { is_exhausted_ = true; }
    void submitted(chunk_future chunk, std::size_t calls)
    {
        unfiled_ = in_flight{std::move(chunk), calls};
        file();
    }
    bool is_idle() const noexcept { return in_flight_.empty() && !unfiled_; }
    std::shared_ptr<call_cost> const& cost() const noexcept { return cost_; }

private:
    // Not more than the buffer allows; where the number is ours, so that some are under way.
    std::size_t chunk_size() const noexcept
    {
        auto const most = std::max<std::size_t>(1, options_.buffersize / (cost_ ? 4 : 1));
        return std::min(cost_ ? cost_->chunk() : options_.chunksize, most);
    }

    // Strong guarantee: what was submitted and can't be filed is filed later.
    void file()
    {
        auto const& state = future_access::state(unfiled_->chunk);
        in_flight_.emplace(state.get(), *unfiled_);
        if (completed_)
            completed_->add(state);
        else
            order_.push_back(state.get());
        not_given_ += unfiled_->calls;
        unfiled_.reset();
    }

    bool has_room() const noexcept
    {
        return in_flight_.empty() || (not_given_ < options_.buffersize
                                      && options_.buffersize - not_given_ >= chunk_size());
    }

    struct in_flight {
        chunk_future chunk;
        std::size_t calls;
    };

    map_options const options_;
    deadline const limit_;
    std::shared_ptr<call_cost> const cost_;
    boost::unordered_flat_map<shared_state*, in_flight> in_flight_;
    std::deque<shared_state*> order_;  // of in_flight_, for results in input order
    boost::intrusive_ptr<completion_queue> completed_;  // for results in order of completion
    std::optional<in_flight> unfiled_;                  // submitted, and in none of these
    state_ptr returned_;
    std::vector<map_outcome<R>> current_;               // empty: each is failure_
    map_outcome<R> failure_{std::in_place_index<1>};
    std::size_t position_ = 0;
    std::size_t size_ = 0;  // of what is given at present
    std::size_t not_given_ = 0;  // calls submitted and not yet given
    bool is_exhausted_ = false;
};

}  // namespace cofu::detail
