// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The way back from a call to an io_context: what its operations wait for arrives in a list of its
// own, which one function posted to the io_context delivers. doc/design/bridge.md draws it.

#include "poll_turns.hpp"

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/biased_lock.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/io_poll.hpp>

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/require.hpp>
#include <boost/config.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

namespace cofu::detail {

// One for each io_context, shared by its service and the drain that is queued. Operations need no
// reference: those that have entered keep it from closing.
class io_bridge : public boost::intrusive_ref_counter<io_bridge, boost::thread_safe_counter> {
public:
    explicit io_bridge(boost::asio::io_context& context) : executor_(context.get_executor()) {}

    static io_bridge& of(boost::asio::io_context& context);

    // It waits; the context has work. False: the context is gone already.
    bool enter(pending_op& op);
    // It never got to wait.
    void leave(pending_op& op) noexcept;
    // It is complete: it will be delivered, or handed back to close(). Any thread.
    void push(pending_op& op) noexcept;
    // The context goes down: all that has not been delivered is destroyed.
    void close() noexcept;

    void set_poll(io_poll how) noexcept;

private:
    using executor_type = boost::asio::io_context::executor_type;
    using tracked_executor = std::decay_t<decltype(boost::asio::require(
        std::declval<executor_type const&>(), boost::asio::execution::outstanding_work.tracked))>;
    using op_list = boost::intrusive::list<pending_op, boost::intrusive::constant_time_size<false>>;
    class drain;
    template <class T>
    class drain_memory;

    using guard = biased_lock::guard;
    // Tells threads apart.
    static void const* this_thread() noexcept
    {
        static constinit thread_local char here = 0;
        return &here;
    }
    // Neither is dereferenced.
    static pending_op* queued_mark() noexcept
    {
        return reinterpret_cast<pending_op*>(alignof(pending_op));
    }
    static pending_op* closed_mark() noexcept
    {
        return reinterpret_cast<pending_op*>(2 * alignof(pending_op));
    }

    // Slow paths apart, not to weigh on the path of most operations.
    BOOST_NOINLINE static io_bridge& look_up(boost::asio::io_context& context);
    BOOST_NOINLINE bool enter_slowly(pending_op& op);
    bool enter_first();
    BOOST_NOINLINE void push_own(pending_op& op) noexcept;
    void push_arrived(pending_op& op) noexcept;
    BOOST_NOINLINE void push_and_queue(pending_op& op) noexcept;
    void queue_drain() noexcept;
    void execute_drain() noexcept;
    void run();
    bool deliver_some();
    void after_turn(bool has_delivered);
    bool has_arrived() const noexcept
    {
        auto* const last = arrived_.load(std::memory_order_relaxed);
        return last && last != queued_mark();
    }
    pending_op* next() noexcept;
    pending_op* take_late() noexcept;
    void collect(pending_op* last) noexcept;
    void release_work(int ended_drains) noexcept;
    void hand_back(pending_op& op, std::unique_lock<std::mutex>& lock) noexcept;
    pending_op* abandon_one(std::unique_lock<std::mutex>& lock) noexcept;

    executor_type const executor_;  // not touched once it is closed

    // Null: no drain is queued. Else one is, and this is the last operation that arrived, or the
    // mark that none did; or the mark that it is closed. From null it is taken under the mutex.
    atomic<pending_op*> arrived_{nullptr};

    std::mutex mutex_;  // held while posting, so that the context can't go meanwhile
    std::condition_variable handed_back_;

    biased_lock lock_;  // claimed by the thread that runs the first drain
    // Guarded by the lock. As long as something is ready, a drain is queued.
    op_list waiting_;  // entered; some of them may have arrived
    ready_ops ready_;  // collected, in order of completion
    bool is_closed_ = false;
    int drains_ = 0;                        // that run
    unsigned drains_begun_ = 0;             // ever
    std::optional<tracked_executor> work_;  // while something waits, or is ready

    poll_turns polls_;  // guarded by the lock

    // The memory of the one drain that may be queued.
    alignas(std::max_align_t) std::byte memory_[128];
};

}  // namespace cofu::detail
