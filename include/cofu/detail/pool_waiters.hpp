// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Who waits for a pool: for a place in its queue, for its end.

#include <cofu/config.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/shutdown_options.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <boost/system/error_code.hpp>

namespace cofu::detail {

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

// How a call comes to the queue.
enum class entrance {
    submitted,  // by this thread: a worker puts it before its others
    granted     // from the line, by any thread: behind those from outside
};

// An operation that waits for the end of a shutdown.
class shutdown_waiter : public boost::intrusive::list_base_hook<
                            boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    pending_op* op = nullptr;
    pool_stats start;        // when the shutdown was asked for
    shutdown_report report;  // once it is over
};

[[noreturn]] COFU_DECL void throw_queue_full();
// The pool was made before a fork, or before its program became a worker.
[[noreturn]] COFU_DECL void throw_of_another_process();
// The exception class of an error of a pool; the code of the exception that is being handled.
COFU_DECL std::exception_ptr exception_of(boost::system::error_code ec) noexcept;
COFU_DECL boost::system::error_code current_code() noexcept;

// A place reserved by admit() until the call is queued.
template <class Core>
class reserved_place {
public:
    explicit reserved_place(Core& pool) noexcept : pool_(&pool) {}
    reserved_place(reserved_place const&) = delete;
    reserved_place& operator=(reserved_place const&) = delete;
    ~reserved_place()
    {
        if (pool_)
            give_back_place(*pool_);
    }

    template <class Call>
    void push(Call& call)
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
    Core* pool_;
};

}  // namespace cofu::detail
