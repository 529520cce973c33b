// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// First in, first out. The oldest stands here, where a single one touches no other cache line; the
// next in an array, so that who takes some need not read one, which another processor has written,
// to find the next; the rest, which takes no memory, in a list.

#include <cofu/detail/queue_entry.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace cofu::detail {

class entry_queue {
public:
    // May throw bad_alloc.
    entry_queue() : places_(std::make_unique_for_overwrite<queue_entry*[]>(room)) {}
    entry_queue(entry_queue const&) = delete;
    entry_queue& operator=(entry_queue const&) = delete;

    static constexpr std::uint16_t room = 256;

    bool empty() const noexcept { return oldest_ == nullptr; }
    queue_entry& front() const noexcept { return *oldest_; }

    void push_back(queue_entry& entry) noexcept
    {
        if (!oldest_)
            oldest_ = &entry;
        else if (end_ != room)
            places_[end_++] = &entry;
        else
            rest_.push_back(entry);
    }
    void pop_front() noexcept
    {
        oldest_ = nullptr;
        if (begin_ != end_) {
            oldest_ = places_[begin_++];
        } else if (!rest_.empty()) {
            oldest_ = &rest_.front();
            rest_.pop_front();
        }
        if (begin_ == end_ && rest_.empty())
            begin_ = end_ = 0;
    }

    void swap(entry_queue& other) noexcept
    {
        std::swap(oldest_, other.oldest_);
        places_.swap(other.places_);
        std::swap(begin_, other.begin_);
        std::swap(end_, other.end_);
        rest_.swap(other.rest_);
    }

private:
    queue_entry* oldest_ = nullptr;
    std::unique_ptr<queue_entry*[]> places_;
    std::uint16_t begin_ = 0;
    std::uint16_t end_ = 0;  // the room, as long as there is a rest
    entry_list rest_;        // younger than those in the array
};

}  // namespace cofu::detail
