// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the templates of a thread pool need of its compiled core.

#include <cofu/config.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/detail/pool_ticket.hpp>
#include <cofu/detail/queue_entry.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/shutdown_options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>

namespace cofu::detail {

class thread_pool_core;

// A submitter in line for a place in a full queue.
class room_waiter : public boost::intrusive::list_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    // A place is its own now (no error), or the pool takes no calls any more. Not under a lock.
    virtual void granted(boost::system::error_code ec) noexcept = 0;

protected:
    ~room_waiter() = default;
};

// Its length is not kept, so that a waiter can leave whichever line it is in.
using room_line = boost::intrusive::list<room_waiter, boost::intrusive::constant_time_size<false>>;

enum class admission {
    admitted,  // a place is reserved
    full,      // try again later
    waiting    // the waiter stands in line
};

// Before anything of a call is touched: throws shut_down_error, broken_thread_pool, what starting
// the first thread throws, or invalid_state_error in a forked child. With a waiter, a full queue
// puts it in line.
COFU_DECL admission admit(thread_pool_core& pool, room_waiter* waiter = nullptr);
// The reserved place is not needed after all.
COFU_DECL void give_back_place(thread_pool_core& pool) noexcept;
// Leaves the line; false: a place was granted, or is about to be.
COFU_DECL bool leave_line(pool_ticket ticket, room_waiter& waiter) noexcept;

// How a call comes to the queue.
enum class entrance {
    submitted,  // by this thread: a worker puts it before its others
    granted     // from the line, by any thread: behind those from outside
};

// Queues an admitted call; throws shut_down_error or broken_thread_pool if the pool closed
// meanwhile: then it was not queued, and the caller withdraws it, which gives the place back.
COFU_DECL void push_call(thread_pool_core& pool, queue_entry& call,
                         entrance by = entrance::submitted);
// Queues a function of the executor; false: the pool is closed and nothing was queued.
COFU_DECL bool push_function(thread_pool_core& pool, queue_entry& function);

COFU_DECL pool_ticket ticket_of(thread_pool_core const& pool) noexcept;
COFU_DECL boost::asio::execution_context& context_of(thread_pool_core const& pool) noexcept;
COFU_DECL bool runs_in_this_thread(thread_pool_core const& pool) noexcept;
COFU_DECL std::size_t max_workers_of(thread_pool_core const& pool) noexcept;
COFU_DECL void work_started(thread_pool_core& pool) noexcept;
COFU_DECL void work_finished(thread_pool_core& pool) noexcept;

[[noreturn]] COFU_DECL void throw_queue_full();
// The exception class of an error of a pool; the code of the exception that is being handled.
COFU_DECL std::exception_ptr exception_of(boost::system::error_code ec) noexcept;
COFU_DECL boost::system::error_code current_code() noexcept;

// An operation that waits for the end of a shutdown.
class shutdown_waiter : public boost::intrusive::list_base_hook<
                            boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    pending_op* op = nullptr;
    pool_stats start;        // when the shutdown was asked for
    shutdown_report report;  // once it is over
};

// True: it is over already; else the waiter's operation is posted when it is.
COFU_DECL bool shut_down_async(thread_pool_core& pool, shutdown_options const& options,
                               shutdown_waiter& waiter);
COFU_DECL bool leave_shutdown(pool_ticket ticket, shutdown_waiter& waiter) noexcept;

// A place reserved by admit() until the call is queued.
class reserved_place {
public:
    explicit reserved_place(thread_pool_core& pool) noexcept : pool_(&pool) {}
    reserved_place(reserved_place const&) = delete;
    reserved_place& operator=(reserved_place const&) = delete;
    ~reserved_place()
    {
        if (pool_)
            give_back_place(*pool_);
    }

    void push(queue_entry& call)
    {
        auto& pool = *pool_;
        pool_ = nullptr;
        try {
            push_call(pool, call);
        } catch (...) {
            call.withdraw();
            throw;
        }
    }

private:
    thread_pool_core* pool_;
};

}  // namespace cofu::detail
