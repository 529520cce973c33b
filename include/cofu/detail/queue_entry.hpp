// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a pool's queues hold: submitted calls and functions given to the pool's executor.

#include <cstddef>
#include <exception>
#include <utility>

namespace cofu::detail {

struct worker_seat;

class queue_entry {
public:
    queue_entry(queue_entry const&) = delete;
    queue_entry& operator=(queue_entry const&) = delete;

    // The worker in that seat took it from the queue; it runs and is never touched again by the
    // queue.
    virtual void run(worker_seat& seat) noexcept = 0;

    // It left the queue and will never run.
    virtual void withdraw() noexcept = 0;

    // The pool broke; it left the queue and will never run. `make_error` gives the reason. True: a
    // call failed by this; it had not been cancelled.
    virtual bool fail(std::exception_ptr (*make_error)(void*) noexcept, void* context) noexcept = 0;

    // A submitted call, with a place in a bounded queue; else a posted function.
    virtual bool is_call() const noexcept = 0;

protected:
    queue_entry() noexcept : next_(nullptr) {}
    ~queue_entry() {}

    // One word for both: what has an error has left the queue for good.
    union {
        queue_entry* next_;         // the queue's
        std::exception_ptr error_;  // alive only where a derived class says so
    };

private:
    friend class entry_list;
};

// First in, first out; the entries are somebody else's.
class entry_list {
public:
    entry_list() noexcept = default;
    entry_list(entry_list const&) = delete;
    entry_list& operator=(entry_list const&) = delete;

    bool empty() const noexcept { return first_ == nullptr; }
    queue_entry& front() const noexcept { return *first_; }

    void push_back(queue_entry& entry) noexcept
    {
        entry.next_ = nullptr;
        (first_ ? last_->next_ : first_) = &entry;
        last_ = &entry;
    }
    void pop_front() noexcept { first_ = first_->next_; }

    void swap(entry_list& other) noexcept
    {
        std::swap(first_, other.first_);
        std::swap(last_, other.last_);
    }

private:
    queue_entry* first_ = nullptr;
    queue_entry* last_ = nullptr;  // of a list that is not empty
};

}  // namespace cofu::detail
