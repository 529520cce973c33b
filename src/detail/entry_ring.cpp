// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/entry_ring.hpp>

#include <new>
#include <utility>

namespace cofu::detail {

std::unique_ptr<queue_entry*[]> entry_ring::more_room() const
{
    if (capacity_ == most)
        throw std::bad_alloc();
    return std::make_unique_for_overwrite<queue_entry*[]>(larger());
}

std::unique_ptr<queue_entry*[]>
entry_ring::move_to(std::unique_ptr<queue_entry*[]> room) noexcept
{
    auto const capacity = larger();
    for (auto i = begin_; i != end_; ++i)
        room[i & (capacity - 1)] = at(i);
    capacity_ = capacity;
    mask_ = capacity - 1;
    return std::exchange(room_, std::move(room));
}

}  // namespace cofu::detail
