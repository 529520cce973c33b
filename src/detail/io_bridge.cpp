// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "io_bridge.hpp"

#include "io_bridge_drain.hpp"

#include <boost/asio/execution/allocator.hpp>
#include <boost/asio/execution/blocking.hpp>

#include <thread>
#include <utility>

namespace cofu::detail {

namespace {

// Operations that one drain delivers before other handlers of the io_context have their turn.
constexpr int turn = 64;

}  // namespace

bool io_bridge::enter(pending_op& op)
{
    if (lock_.try_lock_own(this_thread())) {
        bool const is_usual = !is_closed_ && !waiting_.empty();
        if (is_usual)
            waiting_.push_back(op);
        lock_.unlock_own();
        if (is_usual)
            return true;
    }
    return enter_slowly(op);
}

bool io_bridge::enter_slowly(pending_op& op)
{
    bool should_poll = false;
    {
        guard const locked(lock_, this_thread());
        if (is_closed_)
            return false;
        if (waiting_.empty())
            should_poll = enter_first();
        waiting_.push_back(op);
    }
    // It may be that no drain follows which would see to it.
    if (should_poll)
        queue_drain();
    return true;
}

// With the lock held: whether a drain is to be queued.
bool io_bridge::enter_first()
{
    if (!work_)
        work_.emplace(
            boost::asio::require(executor_, boost::asio::execution::outstanding_work.tracked));
    return drains_ == 0 && executor_.running_in_this_thread() && polls_.start();
}

void io_bridge::leave(pending_op& op) noexcept
{
    {
        guard const locked(lock_, this_thread());
        waiting_.erase(waiting_.iterator_to(op));
    }
    release_work(0);
}

// The end of the work may stop the io_context, which must not happen under the lock.
void io_bridge::release_work(int ended_drains) noexcept
{
    std::optional<tracked_executor> work;
    guard const locked(lock_, this_thread());
    drains_ -= ended_drains;
    if (waiting_.empty() && ready_.empty())
        work.swap(work_);
}

// Release: what the operation holds is seen by the thread that collects it. Once it is in the list
// it may be delivered, and the bridge closed, at any time.
void io_bridge::push(pending_op& op) noexcept
{
    if (lock_.is_owned_by(this_thread()))
        push_own(op);
    else
        push_arrived(op);
}

void io_bridge::push_arrived(pending_op& op) noexcept
{
    auto* last = arrived_.load(std::memory_order_relaxed);
    while (last && last != closed_mark()) {
        op.next_ready_ = last == queued_mark() ? nullptr : last;
        if (arrived_.compare_exchange_weak(last, &op, std::memory_order_release,
                                           std::memory_order_relaxed))
            return;
    }
    push_and_queue(op);
}

// On the thread that runs the drains: it is ready at once, if it comes after nothing else and a
// drain is queued. Who took that drain's turn meanwhile looks at what is ready after this.
void io_bridge::push_own(pending_op& op) noexcept
{
    {
        guard const locked(lock_, this_thread());
        if (arrived_.load(std::memory_order_relaxed) == queued_mark()) {
            if (op.is_linked())
                waiting_.erase(waiting_.iterator_to(op));
            return ready_.push(op);
        }
    }
    push_arrived(op);
}

void io_bridge::push_and_queue(pending_op& op) noexcept
{
    boost::intrusive_ptr<io_bridge> const keep(this);
    std::unique_lock lock(mutex_);
    auto* last = arrived_.load(std::memory_order_relaxed);
    do {
        if (last == closed_mark())
            return hand_back(op, lock);
        op.next_ready_ = last == queued_mark() ? nullptr : last;
    } while (!arrived_.compare_exchange_weak(last, &op, std::memory_order_acq_rel,
                                             std::memory_order_relaxed));
    if (!last)
        execute_drain();
}

// Acquire: the last drain's memory was free before that drain's exchange.
void io_bridge::queue_drain() noexcept
{
    std::lock_guard const lock(mutex_);
    pending_op* none = nullptr;
    if (arrived_.compare_exchange_strong(none, queued_mark(), std::memory_order_acquire,
                                         std::memory_order_relaxed))
        execute_drain();
}

void io_bridge::execute_drain() noexcept
{
    namespace execution = boost::asio::execution;
    boost::asio::require(executor_, execution::blocking.never,
                         execution::allocator(drain_memory<void>(*this)))
        .execute(drain(*this));
}

void io_bridge::run()
{
    struct at_end {
        io_bridge& bridge;
        ~at_end() { bridge.release_work(1); }
    } const end{*this};
    lock_.claim(this_thread());
    {
        auto* const last = arrived_.exchange(nullptr, std::memory_order_acq_rel);
        guard const locked(lock_, this_thread());
        ++drains_;
        ++drains_begun_;
        collect(last);
    }
    after_turn(deliver_some());
}

// On a processor that they share, a worker gets on with its calls while this thread gives way; else
// each completion would wake this thread, which would send one call and sleep again.
void io_bridge::after_turn(bool has_delivered)
{
    auto next = poll_turns::turn::none;
    unsigned drains_before = 0;
    {
        guard const locked(lock_, this_thread());
        // A drain is queued for what is there already.
        if (!ready_.empty() || has_arrived())
            return;
        next = polls_.next(has_delivered, !waiting_.empty());
        drains_before = drains_begun_;
    }
    if (next == poll_turns::turn::none)
        return;
    // Queued first: what arrives during the yield needs no post.
    if (next == poll_turns::turn::look)
        queue_drain();
    std::this_thread::yield();
    if (next == poll_turns::turn::give_way) {
        guard const locked(lock_, this_thread());
        polls_.gave_way(drains_begun_ != drains_before || has_arrived());
    }
}

bool io_bridge::deliver_some()
{
    for (int left = turn; left != 0; --left) {
        auto* const op = next();
        if (!op)
            return left != turn;
        op->deliver();
    }
    return true;
}

void io_bridge::set_poll(io_poll how) noexcept
{
    guard const locked(lock_, this_thread());
    polls_.set(how);
}

// While the handler runs, another thread, or the handler itself, can run the drain that is queued.
pending_op* io_bridge::next() noexcept
{
    pending_op* op = nullptr;
    bool has_more = false;
    {
        guard const locked(lock_, this_thread());
        if (ready_.empty()) {
            auto* const last = take_late();
            if (last && last != queued_mark() && !last->next_ready_) {
                if (last->is_linked())
                    waiting_.erase(waiting_.iterator_to(*last));
                return last;
            }
            collect(last);
        }
        if (ready_.empty())
            return nullptr;
        op = &ready_.pop_front();
        has_more = !ready_.empty();
    }
    if (has_more && !arrived_.load(std::memory_order_relaxed))
        queue_drain();
    return op;
}

// What arrived since the drain began; the one that is queued meanwhile stays so.
pending_op* io_bridge::take_late() noexcept
{
    auto* last = arrived_.load(std::memory_order_relaxed);
    while (last && last != queued_mark()
           && !arrived_.compare_exchange_weak(last, queued_mark(), std::memory_order_acquire,
                                              std::memory_order_relaxed)) {
    }
    return last;
}

// Called with the lock held. What arrived becomes ready, in order of arrival.
void io_bridge::collect(pending_op* last) noexcept
{
    if (last == queued_mark())
        return;
    pending_op* oldest = nullptr;
    for (auto* op = last; op; op = std::exchange(op->next_ready_, std::exchange(oldest, op)))
        if (op->is_linked())
            waiting_.erase(waiting_.iterator_to(*op));
    if (last)
        ready_.append(*oldest, *last);
}

}  // namespace cofu::detail
