// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a pool's queues hold: submitted calls and functions given to the pool's executor.

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <exception>

namespace cofu::detail {

class queue_entry : public boost::intrusive::list_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::normal_link>> {
public:
    queue_entry(queue_entry const&) = delete;
    queue_entry& operator=(queue_entry const&) = delete;

    // A worker took it from the queue; it runs and is never touched again by the queue.
    virtual void run() noexcept = 0;

    // It left the queue and will never run.
    virtual void withdraw() noexcept = 0;

    // The pool broke; it left the queue and will never run. `make_error` gives the reason. True: a
    // call failed by this; it had not been cancelled.
    virtual bool fail(std::exception_ptr (*make_error)(void*) noexcept, void* context) noexcept = 0;

    // A submitted call, with a place in a bounded queue; else a posted function.
    virtual bool is_call() const noexcept = 0;

protected:
    queue_entry() noexcept = default;
    ~queue_entry() = default;
};

using entry_list =
    boost::intrusive::list<queue_entry, boost::intrusive::constant_time_size<true>>;

}  // namespace cofu::detail
