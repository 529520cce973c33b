// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a call knows its pool, which may be gone before the call's futures are: a ticket that opens
// the pool while it lives and nothing afterwards. Tickets cost no reference count on the path of a
// call; the places they point to are recycled and never freed.

#include <cofu/config.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstdint>

namespace cofu {
class pool_observer;
}

namespace cofu::detail {

class pool_io;
class room_waiter;
class shared_state;
class shutdown_waiter;

// What a call needs of its pool.
class call_pool {
public:
    virtual boost::asio::any_io_executor io_executor() noexcept = 0;
    virtual pool_observer* observer() const noexcept = 0;
    // A queued call was cancelled: its place is free.
    virtual void call_cancelled() noexcept = 0;
    // Interrupts the thread that runs the call, if it is that thread's innermost.
    virtual void interrupt(shared_state& call) noexcept = 0;
    // Leaves the line for a place; false: a place was granted, or is about to be.
    virtual bool leave_line(room_waiter& waiter) noexcept = 0;
    // Waits no longer for the end of a shutdown; false: it was told, or is about to be.
    virtual bool abandon(shutdown_waiter& waiter) noexcept = 0;
    // Its I/O, where threads that wait for its calls may have to run that.
    virtual pool_io* io() noexcept { return nullptr; }

protected:
    ~call_pool() = default;
};

struct pool_place;

struct pool_ticket {
    std::uint32_t place = 0;  // number; 0: none
    std::uint32_t generation = 0;

    friend bool operator==(pool_ticket const&, pool_ticket const&) noexcept = default;
};

// Opens a ticket; the pool can't go away while this lives, so hold it briefly.
class COFU_DECL pool_visit {
public:
    explicit pool_visit(pool_ticket ticket) noexcept;
    ~pool_visit();
    pool_visit(pool_visit const&) = delete;
    pool_visit& operator=(pool_visit const&) = delete;

    explicit operator bool() const noexcept { return pool_ != nullptr; }
    call_pool* operator->() const noexcept { return pool_; }

private:
    pool_place* place_ = nullptr;
    call_pool* pool_ = nullptr;
};

// The pool's side: a place as long as the pool lives.
class COFU_DECL pool_registration {
public:
    explicit pool_registration(call_pool& pool);
    ~pool_registration();  // close()
    pool_registration(pool_registration const&) = delete;
    pool_registration& operator=(pool_registration const&) = delete;

    pool_ticket ticket() const noexcept { return ticket_; }

    // Waits for the visits under way; later tickets open nothing.
    void close() noexcept;

private:
    pool_ticket ticket_;
};

// The same by ticket. Where the pool is gone: the system executor, null, nothing, false.
COFU_DECL boost::asio::any_io_executor executor_of(pool_ticket ticket);
COFU_DECL pool_observer* observer_of(pool_ticket ticket) noexcept;
COFU_DECL void tell_cancelled(pool_ticket ticket) noexcept;
COFU_DECL void interrupt(pool_ticket ticket, shared_state& call) noexcept;
COFU_DECL bool leave_line(pool_ticket ticket, room_waiter& waiter) noexcept;
COFU_DECL bool leave_shutdown(pool_ticket ticket, shutdown_waiter& waiter) noexcept;

}  // namespace cofu::detail
