// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The places of a bounded queue, the line of those who wait for one, and how a waiter leaves.

#include <cofu/detail/pool_waiters.hpp>
#include <cofu/task_options.hpp>

#include <cstddef>
#include <utility>

namespace cofu::detail {

// Takes a waiter out of the list that it is in. False: it is in none, it was told or is about to be.
template <class List>
bool leave(List& list, typename List::reference waiter) noexcept
{
    if (!waiter.is_linked())
        return false;
    list.erase(list.iterator_to(waiter));
    return true;
}

// Guarded by its pool's mutex.
class queue_places {
public:
    explicit queue_places(std::size_t most) noexcept : most_(most) {}

    // An unlimited queue counts nothing.
    bool is_unlimited() const noexcept { return most_ == unlimited; }

    // With a waiter, a full queue puts it in line.
    admission admit(room_waiter* waiter) noexcept
    {
        if (is_unlimited())
            return admission::admitted;
        if (used_ < most_ && line_.empty()) {
            ++used_;
            return admission::admitted;
        }
        if (!waiter)
            return admission::full;
        line_.push_back(*waiter);
        return admission::waiting;
    }

    // A place is free: the longest waiter, who has it now and is to be told; or null.
    room_waiter* give_back() noexcept
    {
        if (is_unlimited())
            return nullptr;
        if (line_.empty()) {
            --used_;
            return nullptr;
        }
        auto& next = line_.front();
        line_.pop_front();
        return &next;
    }

    room_line& line() noexcept { return line_; }

private:
    std::size_t const most_;
    std::size_t used_ = 0;
    room_line line_;
};

}  // namespace cofu::detail
