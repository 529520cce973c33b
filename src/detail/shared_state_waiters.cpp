// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The list of waiters of a shared state, and how they are told.

#include <cofu/detail/shared_state.hpp>

#include <cofu/detail/pending_op.hpp>

#include "acting_calls.hpp"

#include <optional>
#include <utility>

namespace cofu::detail {

using namespace call_word;

namespace {

// The calls whose actions are to run on this thread: completing a future inside a callback appends
// here, so a chain of futures does not grow the stack.
struct acting_thread {
    acting_calls calls;
    bool is_acting = false;
};
constinit thread_local acting_thread this_acting_thread;

}  // namespace

void shared_state::lock() noexcept
{
    for (backoff wait; !apply([](word w) { return acquire(w); }); wait()) {
    }
}

void shared_state::unlock() noexcept
{
    bool const has_waiters = !waiters_.empty();
    update([&](word w) { return release(w, has_waiters); });
}

bool shared_state::add(waiter& node) noexcept
{
    for (backoff wait;; wait()) {
        bool is_over = false;
        bool const locked = apply([&](word w) -> std::optional<word> {
            is_over = is_done(w);
            return is_over ? std::nullopt : acquire(w);
        });
        if (is_over)
            return false;
        if (locked)
            break;
    }
    waiters_.push_back(node);
    unlock();
    return true;
}

bool shared_state::add_lasting(waiter& node, word more, bool is_only) noexcept
{
    if (is_only) {
        auto w = load();
        while (auto const next = list_sole(w)) {
            // Nobody looks at the list while `listed` is not set.
            waiters_.push_first(node);
            if (word_.compare_exchange_weak(w, note(*next, more), std::memory_order_acq_rel,
                                            std::memory_order_acquire))
                return true;
            waiters_.pop_only();
        }
    }
    return add_under_lock(node, more);
}

bool shared_state::add_under_lock(waiter& node, word more) noexcept
{
    backoff wait;
    auto w = load();
    for (;;) {
        if (is_done(w) && more == 0)
            return false;
        auto const next = is_done(w) ? w : acquire(w);
        if (!next) {
            wait();
            w = load();
        } else if (word_.compare_exchange_weak(w, note(*next, more), std::memory_order_acq_rel,
                                               std::memory_order_acquire)) {
            break;
        }
    }
    if (is_done(w))
        return false;
    bool const is_first = waiters_.empty();
    waiters_.push_back(node);
    update([&](word x) { return is_first ? release_sole(x) : release(x, true); });
    return true;
}

// Where nothing is listed, the waiter was told, or is being told if it lasts: then the list is not
// to be touched. While it is locked, that stays.
bool shared_state::remove(waiter& node) noexcept
{
    for (backoff wait;; wait()) {
        bool is_over = false;
        bool const locked = apply([&](word w) -> std::optional<word> {
            is_over = (w & (call_word::lock | listed)) == 0;
            return is_over ? std::nullopt : acquire(w);
        });
        if (is_over)
            return false;
        if (locked)
            break;
    }
    bool const was_linked = node.is_linked();
    if (was_linked)
        waiters_.erase(node);
    unlock();
    return was_linked;
}

// The list is the caller's from finish_sole() on; the waiter's owner keeps the block until it is
// told.
void shared_state::tell_sole() noexcept
{
    auto& node = waiters_.pop_only();
    if (node.is_action())
        return static_cast<action&>(node).operation()->post();
    ready_ops ready;
    static_cast<watcher&>(node).told(*this, ready);
    ready.post_all();
}

// Called with the lock held and the final phase set.
void shared_state::tell(word dropped) noexcept
{
    ready_ops ready;
    // Not listed: the list may be somebody's who is about to find the call done.
    bool const is_listed = (word_.load(std::memory_order_relaxed) & listed) != 0;
    for (auto* next = is_listed ? waiters_.first() : nullptr; next;) {
        waiter& node = *std::exchange(next, waiters_.after(*next));
        if (!node.is_action()) {
            waiters_.erase(node);
            static_cast<watcher&>(node).told(*this, ready);
            continue;
        }
        // Those before every callback need no turn of their own.
        bool const is_first = &node == waiters_.first();
        if (auto* const op = is_first ? static_cast<action&>(node).operation() : nullptr) {
            waiters_.erase(node);
            ready.push(*op);
        }
    }
    bool const has_actions = is_listed && !waiters_.empty();
    auto const w = update(
        [&](word x) { return release(x, has_actions) - dropped + (has_actions ? handle : 0); });
    ready.post_all();
    if (has_actions) {
        if (dropped == runner)
            before_actions();
        if (auto* const others = callbacks())
            run_operations(*others);
        else
            run_actions();
    } else if (is_unreferenced(w)) {
        destroy();
    }
}

bool shared_state::run_next_action() noexcept
{
    lock();
    if (waiters_.empty()) {
        unlock();
        return false;
    }
    auto& next = static_cast<action&>(waiters_.front());
    waiters_.erase(next);
    unlock();
    next.act(*this);
    return true;
}

void shared_state::run_actions() noexcept
{
    auto& self = this_acting_thread;
    self.calls.push(*this);
    if (self.is_acting)
        return;
    self.is_acting = true;
    while (!self.calls.empty()) {
        while (self.calls.front().run_next_action()) {
        }
        self.calls.pop().drop(handle);
    }
    self.is_acting = false;
}

// Owns one handle. Operations are posted here, up to the first callback.
void shared_state::run_operations(callback_runner& others) noexcept
{
    for (;;) {
        lock();
        bool const is_over = waiters_.empty();
        if (is_over || waiters_.front().is_callback()) {
            unlock();
            return is_over ? drop(handle) : others.take(*this);
        }
        auto& next = static_cast<action&>(waiters_.front());
        waiters_.erase(next);
        unlock();
        next.act(*this);
    }
}

}  // namespace cofu::detail
