// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a process pool's state machine asks of its shell, and the words that both use.

#include <chrono>
#include <cstdint>
#include <variant>

namespace cofu::detail {

using worker_id = std::uint64_t;  // never used again
using call_id = std::uint64_t;    // never used again; below 2^62, so that it fits a claim word

// The initializer's answer names this; no call of a user has it.
inline constexpr call_id initializer_call = 1;

using pool_clock = std::chrono::steady_clock;

// How a worker's process ended.
struct exit_status {
    enum class kind { unknown, exited, signalled };
    kind how = kind::unknown;
    int value = 0;  // the exit code or the signal
};

// How a call ended that has no answer of its worker.
enum class call_end {
    cancelled,     // never begun, and shutdown cancels what was not
    crashed,       // its worker died in it: `pid` and `status` of the action say how
    lost,          // its worker closed the channel and lived on, so it was killed
    violated,      // its worker broke the protocol and was killed
    timed_out,     // its time was over, and its worker was ended
    stopped,       // a stop was requested, and its worker was ended
    broken,        // the pool broke before it could begin, or with it
    terminated     // terminate_workers, kill_workers
};

// Why the pool broke.
enum class broken_cause {
    initializer_failed,  // the shell has the exception, from the answer
    boot_failures,       // too many workers died, or could not be started, before their first call
    worker_died,         // with crash_policy::break_pool
    io_lost              // the execution context of its I/O is gone
};

// Make a channel and a claim page and ask the launcher for a process.
// Answered by worker_started or start_failed.
struct start_worker {
    worker_id worker;
};
// Send the initializer: publish initializer_call in this slot, then write its frame.
struct send_initializer {
    worker_id worker;
    unsigned slot;
};
// Publish the call in this slot of the worker's page, then write its frame.
struct send_call {
    worker_id worker;
    unsigned slot;
    call_id call;
};
// Try to take the call back, by compare-exchange in the slot, and say at once by call_withdrawn
// whether that was in time (not, if the worker is not known any more).
struct withdraw_call {
    worker_id worker;
    unsigned slot;
    call_id call;
};
// Write the call into the page's stop word, then SIGTERM through the pidfd.
struct stop_call {
    worker_id worker;
    call_id call;
};
// Read the channel until it would block, report what came, then report channel_read.
struct read_channel {
    worker_id worker;
};
// Nothing more will be sent: write a quit frame. The channel stays open until forget_worker, since a
// worker whose channel is hung up ends at once.
struct close_worker {
    worker_id worker;
};
// Clear the page's stop word, then SIGTERM through the pidfd.
struct terminate_worker {
    worker_id worker;
};
// SIGKILL to the worker's process group (to the process, through its pidfd, if that fails).
struct kill_worker {
    worker_id worker;
};
// A worker died before it was ready, initializer included: why a pool that breaks by this is broken.
// Its last words stand in the page until forget_worker.
struct note_boot_death {
    worker_id worker;
    int pid;
    exit_status status;
    call_end end;  // crashed or lost
};
// The worker is dead and judged: close its descriptors, unmap its page. Events that still come
// from it are ignored.
struct forget_worker {
    worker_id worker;
};
// The call is over. Last words stand in the page until forget_worker.
struct finish_call {
    call_id call;
    call_end end;
    worker_id worker;    // that it had run on, 0 if on none
    int pid;             // of that worker
    exit_status status;  // with `crashed`
};
// From now on submit throws. Comes once, before any finish_call with `broken`.
struct pool_broken {
    broken_cause cause;
};
// Shut down or broken, and no call and no worker is left. Comes once, as the last action.
struct pool_closed {};

using process_pool_action =
    std::variant<start_worker, send_initializer, send_call, withdraw_call, stop_call, read_channel,
                 close_worker, terminate_worker, kill_worker, note_boot_death, forget_worker,
                 finish_call, pool_broken, pool_closed>;

}  // namespace cofu::detail
