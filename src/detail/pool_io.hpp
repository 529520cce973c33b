// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The I/O of a pool without a thread for it: whoever waits for the pool's calls runs it, one thread
// at a time.

#include <cofu/detail/pool_ticket.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <utility>

namespace cofu::detail {

class driving_spot;
class pool_io;

enum class turn_answer {
    leads,    // nobody else runs it
    follows,  // somebody else does
    over      // the pool has ended
};

// One waiting thread at one pool.
struct io_turn : boost::intrusive::list_base_hook<> {
    io_turn(driving_spot& s, boost::intrusive_ptr<pool_io> p) noexcept : spot(s), pool(std::move(p))
    {
    }

    driving_spot& spot;
    boost::intrusive_ptr<pool_io> const pool;
    turn_answer answer = turn_answer::follows;
};

class pool_io {
public:
    // Whether it is on the current thread to run it while it waits.
    virtual bool needs_driver() const noexcept = 0;
    // Can be read when there is something to do.
    virtual int descriptor() const noexcept = 0;
    // Does what there is to do, without blocking.
    virtual void drive() noexcept = 0;
    // Asks whose turn it is. The spot is told to look again when that changes.
    virtual turn_answer ask_turn(io_turn& turn) noexcept = 0;
    virtual void leave_turn(io_turn& turn) noexcept = 0;

    friend void intrusive_ptr_add_ref(pool_io* p) noexcept { p->add_reference(); }
    friend void intrusive_ptr_release(pool_io* p) noexcept { p->drop_reference(); }

protected:
    pool_io() noexcept { count.fetch_add(1, std::memory_order_relaxed); }
    ~pool_io() { count.fetch_sub(1, std::memory_order_relaxed); }

    virtual void add_reference() noexcept = 0;
    virtual void drop_reference() noexcept = 0;

private:
    friend bool is_there_pool_io() noexcept;

    inline static constinit std::atomic<int> count{0};
};

// False: no call is of a pool whose I/O somebody may have to run.
inline bool is_there_pool_io() noexcept
{
    return pool_io::count.load(std::memory_order_relaxed) != 0;
}

// The pool's I/O, or null.
inline boost::intrusive_ptr<pool_io> io_of(pool_ticket ticket) noexcept
{
    pool_visit const visit(ticket);
    return visit ? visit->io() : nullptr;
}

}  // namespace cofu::detail
