// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A call's stay on the worker that runs it.

#include <cofu/config.hpp>
#include <cofu/detail/atomics.hpp>

#include <atomic>
#include <cstdint>

namespace cofu::detail {

class shared_state;

// Written by one thread, or under one lock; read by others.
inline void count(std::atomic<std::uint64_t>& counter) noexcept
{
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

// The word of a pool's idle workers is no less while another may be woken or started.
inline constexpr std::uint64_t another_worker = std::uint64_t{1} << 31;

// What a worker's calls write: only its thread does.
struct worker_seat {
    atomic<shared_state*> innermost{nullptr};
    std::atomic<std::uint64_t> started{0};
    std::atomic<std::uint64_t> finished{0};
    std::atomic<std::uint64_t> failed{0};
    // Set once:
    atomic<std::uint64_t> const* idle = nullptr;  // its pool's word of idle workers
    bool gives_places_back = false;               // its pool's queue is bounded
};

class COFU_DECL worker_stay {
public:
    // The call is the innermost of this thread's worker from now on, so a stop requested as soon
    // as it runs finds the thread: the store is ordered before the call's phase becomes running,
    // and whoever sees the phase sees the thread.
    worker_stay(worker_seat& seat, shared_state& call) noexcept : seat_(seat)
    {
        seat_.innermost.store(&call, std::memory_order_relaxed);
    }
    worker_stay(worker_stay const&) = delete;
    worker_stay& operator=(worker_stay const&) = delete;

    // It was not begun after all: it had been cancelled.
    void missed() noexcept { seat_.innermost.store(nullptr, std::memory_order_relaxed); }
    // It was begun: its place in the queue is free.
    void begun() noexcept
    {
        count(seat_.started);
        if (seat_.gives_places_back)
            give_place_back(seat_);
    }
    // It is over, but its future is not done yet: the worker counts as looking for work. A later
    // call may have the same address: nobody must find this thread by it any more.
    void left(bool failed) noexcept
    {
        count(failed ? seat_.failed : seat_.finished);
        seat_.innermost.store(nullptr, std::memory_order_relaxed);
        if (seat_.idle->load(std::memory_order_relaxed) >= another_worker)
            look(seat_);
    }

    // Runs f(p) with the interruption of this thread held back: destructors may block in Boost.Thread.
    static void run_uninterrupted(void (*f)(void*) noexcept, void* p) noexcept;
    // An interruption of the current thread that was not consumed is swallowed.
    static void swallow_interruption() noexcept;
    // The worker runs callbacks, so it does not look for work.
    static void before_actions() noexcept;

private:
    static void give_place_back(worker_seat& seat) noexcept;
    static void look(worker_seat& seat) noexcept;

    worker_seat& seat_;
};

}  // namespace cofu::detail
