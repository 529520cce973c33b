// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A call of a process pool, as its pool sees it.

#include <cofu/byte_writer.hpp>
#include <cofu/detail/deadline.hpp>
#include <cofu/detail/pool_ticket.hpp>
#include <cofu/task_options.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <string>

namespace cofu::detail {

class callback_runner;
class process_pool_core;

// What the calls of a pool came to.
struct outcome_counters {
    std::atomic<std::uint64_t> finished{0};
    std::atomic<std::uint64_t> failed{0};
    std::atomic<std::uint64_t> cancelled{0};
};

// How a call ended, before its future knows.
enum class task_end {
    value,              // the answer's bytes are a value
    exception,          // they are an exception
    transport_failure,  // they are the text of one
    failed,             // `error` says why
    cancelled           // it never began
};

class COFU_DECL process_task : public boost::intrusive::list_base_hook<
                                   boost::intrusive::link_mode<boost::intrusive::normal_link>> {
public:
    process_task(process_task const&) = delete;
    process_task& operator=(process_task const&) = delete;

    // A worker has begun it. Only the future's state changes: may be called under a lock.
    virtual void begin() noexcept = 0;
    // It ends as cancelled, and others may cancel it first. The same.
    virtual void hold() noexcept = 0;
    // It is over, as `end` says, and begin() or hold() was said. Not under a lock; gives up the
    // pool's reference to it.
    virtual void conclude(outcome_counters& counters) noexcept = 0;
    // It was not taken by the pool: fails, if nobody cancelled it. True: it failed by this.
    virtual bool fail(std::exception_ptr (*make_error)(void*) noexcept, void* context) noexcept = 0;
    // The same, cancelled.
    virtual void withdraw() noexcept = 0;

    byte_writer message;  // the encoded call; once it is over, the encoded answer
    bool const is_stoppable;
    std::chrono::steady_clock::duration const timeout;
    std::string const name;
    std::exception_ptr error;  // its encoding failed, or see task_end::failed

    // Guarded by the pool's mutex.
    std::uint64_t id = 0;      // 0: the pool does not know it, or not any more
    bool holds_place = true;   // in a bounded queue
    task_end end = task_end::cancelled;

protected:
    process_task(std::size_t max_message, bool stoppable, task_options const& options)
        : message(max_message),
          is_stoppable(stoppable),
          timeout(options.timeout),
          name(options.name)
    {
    }
    process_task(std::size_t max_message, bool stoppable, no_task_options)
        : process_task(max_message, stoppable, task_options())
    {
    }
    ~process_task() = default;
};

using task_list = boost::intrusive::list<process_task>;

// For the future's members; nothing where the pool is gone.
// Before a cancellation: true, the call will never begin.
COFU_DECL bool recall(pool_ticket ticket, process_task& task) noexcept;
// Whether a worker has begun it: says begin().
COFU_DECL void look(pool_ticket ticket, process_task& task) noexcept;
COFU_DECL void request_stop(pool_ticket ticket, process_task& task) noexcept;
// Blocks until the call is done or the time is over; false: it did not, a thread of the pool
// drives.
COFU_DECL bool drive_until_done(pool_ticket ticket, shared_state& call, deadline const& limit);
// Who runs the callbacks of a call that its pool is concluding on this thread; null: this thread.
COFU_DECL callback_runner* callbacks_of(process_task const& task) noexcept;

}  // namespace cofu::detail
