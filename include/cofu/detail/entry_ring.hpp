// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Entries that are taken from both ends; its room is changed by the one who adds to it.

#include <cofu/config.hpp>
#include <cofu/detail/queue_entry.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace cofu::detail {

class COFU_DECL entry_ring {
public:
    std::size_t size() const noexcept { return position(end_ - begin_); }
    bool empty() const noexcept { return begin_ == end_; }
    bool is_full() const noexcept { return size() == capacity_; }
    std::size_t room() const noexcept { return capacity_ - size(); }

    // Not on a full one.
    void push(queue_entry& entry) noexcept { at(end_++) = &entry; }
    // Not on an empty one.
    queue_entry* newest() const noexcept { return at(end_ - 1); }
    queue_entry* pop_newest() noexcept { return at(--end_); }
    queue_entry* pop_oldest() noexcept { return at(begin_++); }

    // By the one who adds: puts an entry so many places ahead of the next, within the room, where
    // nobody sees it yet; then adds all that were put.
    void put_ahead(std::size_t places, queue_entry& entry) noexcept
    {
        at(end_ + position(places)) = &entry;
    }
    void add_put(std::size_t n) noexcept { end_ += position(n); }

    // Room for one more at least, to be given to move_to(): apart, as it takes memory. Throws
    // bad_alloc.
    std::unique_ptr<queue_entry*[]> more_room() const;
    // Gives back the room that was left.
    std::unique_ptr<queue_entry*[]> move_to(std::unique_ptr<queue_entry*[]> room) noexcept;

    // Whether it has more room than an empty one needs; gives it back.
    bool is_roomy() const noexcept { return capacity_ > 16 * least; }
    std::unique_ptr<queue_entry*[]> give_up_room() noexcept
    {
        capacity_ = mask_ = 0;
        return std::move(room_);
    }

private:
    // Positions only grow, and wrap; the capacity is a power of two, or 0. Small ones: a worker's
    // queue has two cache lines.
    using position = std::uint32_t;

    static constexpr position least = 64;
    static constexpr position most = position{1} << 31;

    queue_entry*& at(position p) const noexcept { return room_[p & mask_]; }
    position larger() const noexcept { return capacity_ == 0 ? least : 2 * capacity_; }

    position begin_ = 0;
    position end_ = 0;
    position capacity_ = 0;
    position mask_ = 0;  // of a position's bits, one less than the capacity
    std::unique_ptr<queue_entry*[]> room_;
};

}  // namespace cofu::detail
