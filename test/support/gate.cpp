// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "gate.hpp"

#include <string>

namespace cofu::test {

void gate::open()
{
    // Notified under the lock: a waiter may destroy the gate as soon as it sees it open.
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
}

bool gate::is_open() const
{
    std::lock_guard lock(mutex_);
    return open_;
}

void gate::wait(std::chrono::milliseconds limit) const
{
    if (!try_wait(limit))
        throw wait_timed_out("gate: still closed after " + std::to_string(limit.count()) + " ms");
}

bool gate::try_wait(std::chrono::milliseconds limit) const
{
    std::unique_lock lock(mutex_);
    auto const until = std::chrono::steady_clock::now() + limit;
    return changed_.wait_until(lock, until, [this] { return open_; });
}

void arrivals::arrive(std::size_t how_many)
{
    std::lock_guard lock(mutex_);
    count_ += how_many;
    changed_.notify_all();
}

std::size_t arrivals::count() const
{
    std::lock_guard lock(mutex_);
    return count_;
}

void arrivals::wait_for_count(std::size_t wanted, std::chrono::milliseconds limit) const
{
    if (!try_wait_for_count(wanted, limit))
        throw wait_timed_out("arrivals: " + std::to_string(count()) + " of " +
            std::to_string(wanted) + " after " + std::to_string(limit.count()) + " ms");
}

bool arrivals::try_wait_for_count(std::size_t wanted, std::chrono::milliseconds limit) const
{
    std::unique_lock lock(mutex_);
    auto const until = std::chrono::steady_clock::now() + limit;
    return changed_.wait_until(lock, until, [&] { return count_ >= wanted; });
}

void rendezvous::arrive_and_wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock(mutex_);
    auto const round = round_;
    if (++waiting_ == parties_)
    {
        waiting_ = 0;
        ++round_;
        changed_.notify_all();
        return;
    }
    auto const until = std::chrono::steady_clock::now() + limit;
    if (!changed_.wait_until(lock, until, [&] { return round_ != round; }))
    {
        --waiting_;
        throw wait_timed_out("rendezvous: a party did not come within " +
            std::to_string(limit.count()) + " ms");
    }
}

} // namespace cofu::test
