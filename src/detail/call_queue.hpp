// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The calls of a process pool, and the line of those that wait for a worker.

#include "process_pool_action.hpp"
#include "record_table.hpp"

#include <cstddef>
#include <cstdint>

namespace cofu::detail {

struct call_record {
    call_id id = 0;
    record_index next = no_record;  // in the queue, or among the free records
    record_index previous = no_record;
    record_index worker = no_record;  // that it was sent to; none: it is in the queue
    std::uint8_t slot = 0;            // there
    bool retried = false;             // an earlier worker had begun it
    bool stop_wanted = false;         // by request_stop
    bool is_casualty = false;         // its worker died in it, the status is awaited
    int crashed_pid = 0;              // of the last worker that died in it
    std::uint32_t retries = 0;        // that are left
    std::uint64_t order = 0;          // of submission
    pool_clock::duration timeout{};
};

using call_table = record_table<call_record>;

// In order of submission, also for calls that come back.
class call_queue {
public:
    explicit call_queue(call_table& calls) noexcept : calls_(calls) {}
    call_queue(call_queue const&) = delete;
    call_queue& operator=(call_queue const&) = delete;

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    record_index front() const noexcept { return front_; }
    record_index after(record_index call) const noexcept { return calls_[call].next; }

    void push_back(record_index call) noexcept { insert(call, back_); }

    // A call that comes back is older than nearly all that wait.
    void put_back(record_index call) noexcept
    {
        auto place = front_;
        while (place != no_record && calls_[place].order < calls_[call].order)
            place = calls_[place].next;
        insert(call, place == no_record ? back_ : calls_[place].previous);
    }

    void remove(record_index call) noexcept
    {
        auto const& record = calls_[call];
        link_after(record.previous) = record.next;
        link_before(record.next) = record.previous;
        --size_;
    }

private:
    record_index& link_after(record_index place) noexcept
    {
        return place == no_record ? front_ : calls_[place].next;
    }

    record_index& link_before(record_index place) noexcept
    {
        return place == no_record ? back_ : calls_[place].previous;
    }

    void insert(record_index call, record_index previous) noexcept
    {
        auto& record = calls_[call];
        record.previous = previous;
        record.next = link_after(previous);
        link_before(record.next) = call;
        link_after(previous) = call;
        ++size_;
    }

    call_table& calls_;
    record_index front_ = no_record;
    record_index back_ = no_record;
    std::size_t size_ = 0;
};

}  // namespace cofu::detail
