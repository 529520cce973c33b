// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Threads that wait for calls and run the pool's I/O meanwhile: one leads, the others follow.

#include "driving_spot.hpp"
#include "parking.hpp"
#include "process_pool_core.hpp"

#include <algorithm>

namespace cofu::detail {

void process_pool_core::take_turn() noexcept
{
    has_driver_ = true;
    driver_ = std::this_thread::get_id();
}

void process_pool_core::pass_turn() noexcept
{
    has_driver_ = false;
    changed_.notify_all();
    if (!turns_.empty())
        turns_.front().spot.look_again();
}

bool process_pool_core::drive_until_done(shared_state& call, deadline const& limit)
{
    if (!needs_driver())
        return false;
    bool const may_be_interrupted = boost::this_thread::interruption_enabled();
    auto const is_stopped = [&] {
        return may_be_interrupted && boost::this_thread::interruption_requested();
    };
    while (!call.done() && !(limit && *limit <= now())) {
        lock_type lock(mutex_);
        drive_until(lock, [&] { return call.done() || is_stopped(); }, next_look(limit));
        lock.unlock();
        if (!call.done())
            boost::this_thread::interruption_point();
    }
    return true;
}

// The first in the line leads, or is about to.
turn_answer process_pool_core::ask_turn(io_turn& turn) noexcept
{
    lock_type const lock(mutex_);
    if (is_over_) {
        forget(turn);
        return turn_answer::over;
    }
    if (!turn.is_linked())
        turns_.push_back(turn);
    if (turn.answer != turn_answer::leads && !has_driver_) {
        take_turn();
        turns_.splice(turns_.begin(), turns_, turns_.iterator_to(turn));
        return turn_answer::leads;
    }
    return turn.answer;
}

void process_pool_core::leave_turn(io_turn& turn) noexcept
{
    lock_type const lock(mutex_);
    forget(turn);
}

// It may have been told that it is its turn, and not have asked yet.
void process_pool_core::forget(io_turn& turn) noexcept
{
    if (!turn.is_linked())
        return;
    turns_.erase(turns_.iterator_to(turn));
    if (turn.answer == turn_answer::leads || !has_driver_)
        pass_turn();
}

}  // namespace cofu::detail
