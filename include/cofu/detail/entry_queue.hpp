// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// First in, first out. The oldest stand in an array, so that who takes some need not read one, which
// another processor has written, to find the next; the rest, which takes no memory, in a list.

#include <cofu/detail/queue_entry.hpp>

#include <cstddef>
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

    static constexpr std::uint32_t room = 256;

    bool empty() const noexcept { return begin_ == end_ && rest_.empty(); }
    std::size_t size() const noexcept { return end_ - begin_ + rest_.size(); }
    queue_entry& front() const noexcept
    {
        return begin_ != end_ ? *places_[begin_] : rest_.front();
    }

    void push_back(queue_entry& entry) noexcept
    {
        if (end_ != room)
            places_[end_++] = &entry;
        else
            rest_.push_back(entry);
    }
    void pop_front() noexcept
    {
        if (begin_ != end_)
            ++begin_;
        else
            rest_.pop_front();
        if (begin_ == end_ && rest_.empty())
            begin_ = end_ = 0;
    }

    void swap(entry_queue& other) noexcept
    {
        places_.swap(other.places_);
        std::swap(begin_, other.begin_);
        std::swap(end_, other.end_);
        rest_.swap(other.rest_);
    }

private:
    std::unique_ptr<queue_entry*[]> places_;
    std::uint32_t begin_ = 0;
    std::uint32_t end_ = 0;  // the room, as long as there is a rest
    entry_list rest_;        // younger than those in the array
};

}  // namespace cofu::detail
