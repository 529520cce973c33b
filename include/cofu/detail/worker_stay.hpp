// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A call's stay on the worker that runs it.

#include <cofu/config.hpp>

namespace cofu::detail {

class shared_state;
struct worker;

class COFU_DECL worker_stay {
public:
    // The call is the innermost of this thread's worker from now on, so a stop requested as soon
    // as it runs finds the thread.
    explicit worker_stay(shared_state& call) noexcept;
    worker_stay(worker_stay const&) = delete;
    worker_stay& operator=(worker_stay const&) = delete;

    // It was not begun after all: it had been cancelled.
    void missed() noexcept;
    // It was begun: its place in the queue is free.
    void begun() noexcept;
    // It is over, but its future is not done yet: the worker counts as looking for work.
    void left(bool failed) noexcept;

    // Runs f(p) with the interruption of this thread held back: destructors may block in Boost.Thread.
    static void run_uninterrupted(void (*f)(void*) noexcept, void* p) noexcept;
    // An interruption of the current thread that was not consumed is swallowed.
    static void swallow_interruption() noexcept;
    // The worker runs callbacks, so it does not look for work.
    static void before_actions() noexcept;

private:
    worker& worker_;
    shared_state& call_;
};

}  // namespace cofu::detail
