// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The calls that were sent to one worker, in the order in which it takes them. A call's place in
// this ring is its slot in the worker's claim page.

#include "claim_word.hpp"
#include "process_pool_action.hpp"

#include <array>
#include <cstddef>

namespace cofu::detail {

class worker_line {
public:
    enum class mark : unsigned char {
        sent,         // for all that is known
        withdrawing,  // the shell was asked to take it back
        claimed,      // taking it back failed
        withdrawn     // taken back; the place is free when the worker is past it
    };

    struct entry {
        call_id call = 0;
        mark state = mark::sent;
    };

    std::size_t size() const noexcept { return end_ - begin_; }
    bool empty() const noexcept { return begin_ == end_; }
    bool is_full() const noexcept { return size() == claim_slots; }

    // The call that the worker runs, or takes next. Never a withdrawn one.
    entry& front() noexcept { return entries_[slot_of(begin_)]; }
    entry const& front() const noexcept { return entries_[slot_of(begin_)]; }
    unsigned front_slot() const noexcept { return slot_of(begin_); }

    entry& at(std::size_t place) noexcept { return entries_[slot_of(begin_ + place)]; }
    unsigned slot_at(std::size_t place) const noexcept { return slot_of(begin_ + place); }
    entry& in_slot(unsigned slot) noexcept { return entries_[slot]; }

    unsigned push(call_id call) noexcept
    {
        auto const slot = slot_of(end_++);
        entries_[slot] = {call, mark::sent};
        return slot;
    }

    void pop() noexcept
    {
        ++begin_;
        drop_withdrawn();
    }

    // At the front it is gone at once: nothing before it holds the worker up.
    void withdraw(unsigned slot) noexcept
    {
        entries_[slot].state = mark::withdrawn;
        drop_withdrawn();
    }

    void drop_withdrawn() noexcept
    {
        while (!empty() && front().state == mark::withdrawn)
            ++begin_;
    }

    void clear() noexcept { begin_ = end_; }

private:
    static unsigned slot_of(std::size_t position) noexcept { return position % claim_slots; }

    std::array<entry, claim_slots> entries_{};
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace cofu::detail
