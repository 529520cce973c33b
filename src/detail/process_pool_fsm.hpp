// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The decisions of a process pool: which call goes to which worker, what ends, who is started, asked
// to stop, killed, replaced. Events in, actions out; no clock, thread, lock, descriptor or Asio.
// The rules are PPE-01 to PPE-17 of the contract; doc/design/process-dispatch.md has the picture.

#include "claim_word.hpp"
#include "process_pool_action.hpp"

#include <cstddef>
#include <memory>
#include <optional>

namespace cofu::detail {

// What the pool's options say.
struct process_pool_rules {
    using duration = pool_clock::duration;
    std::size_t max_workers = 1;
    std::size_t max_tasks_per_child = 0;  // 0: no limit
    bool initializer = false;             // whether there is one
    bool break_on_crash = false;          // crash_policy::break_pool
    std::size_t boot_failures = 3;        // more than this many ...
    duration boot_failures_within = std::chrono::seconds(5);  // ... in this time break the pool
    duration kill_grace = std::chrono::seconds(5);            // from SIGTERM to SIGKILL
    duration boot_limit = std::chrono::seconds(30);           // from the start to "ready"
    duration status_wait = std::chrono::milliseconds(100);    // from death to "status unknown"
};

struct call_facts {
    pool_clock::duration timeout = pool_clock::duration::max();  // max: none
    std::size_t retries = 0;  // a call whose worker crashed is sent again this often
};

// Where a call is. `begun`: on a worker that died, or queued for another attempt; neither cancel nor
// the page decides any more, the call is running.
enum class call_stage { ended, queued, sent, begun };

struct call_place {
    call_stage stage = call_stage::ended;
    worker_id worker = 0;  // with `sent`
    unsigned slot = 0;     // with `sent`
    bool retried = false;  // it had begun on an earlier worker, so it counts as running
};

enum class result_kind { value, exception, transport_failure };

// What the shell does with an answer that it reported.
enum class answer_verdict {
    deliver,             // it is the call's result
    timed_out,           // too late: the call ends as task_timed_out
    initializer_done,    // nothing
    initializer_failed,  // keep the exception: it is the cause of pool_broken, which follows
    rejected             // nothing: it breaks the protocol, or comes from a forgotten worker
};

// open: takes calls. draining: shutdown began, what was submitted still runs. closing: what had not
// begun was cancelled or failed; what runs may finish. closed: pool_closed was said.
enum class pool_phase { open, draining, closing, closed };

enum class unbegun_calls { run, cancel };  // at shutdown

// Used under one mutex (or strand) of the shell, which also guards the pages' unmapping. An event
// may be reported from inside the loop that carries out actions. Only call_submitted allocates
// (and worker_started's start, which it pays for): everything else is noexcept.
//
// A synchronous cancel, on any thread, under that mutex:
//   place_of(call)  ended: it is done. queued, not retried: call_cancelled(call), true.
//                   sent, not retried: the compare-exchange in the slot decides; won:
//                   call_cancelled(call), true. Anything else: false, it is running.
// `running()` likewise: retried, or begun, or sent and its slot says claimed.
// request_stop: cancel, and if that fails stop_requested(call).
class process_pool_fsm {
public:
    using time_point = pool_clock::time_point;

    explicit process_pool_fsm(process_pool_rules const& rules);
    ~process_pool_fsm();
    process_pool_fsm(process_pool_fsm const&) = delete;
    process_pool_fsm& operator=(process_pool_fsm const&) = delete;

    // Calls. Precondition of the first: phase() is open (or draining) and the pool is not broken.
    // Strong guarantee: throws std::bad_alloc, and nothing has changed.
    call_id call_submitted(call_facts const& facts, time_point now);
    call_place place_of(call_id call) const noexcept;
    void call_cancelled(call_id call, time_point now) noexcept;  // no finish_call: the canceller ends it
    void stop_requested(call_id call, time_point now) noexcept;

    // A worker's beginning.
    void worker_started(worker_id worker, int pid, time_point now) noexcept;
    void start_failed(worker_id worker, time_point now) noexcept;
    void worker_ready(worker_id worker, time_point now) noexcept;  // its handshake was right

    // Its channel, in the order in which it was read. An answered call ends here, by the return
    // value; any other call by a finish_call.
    answer_verdict result_received(worker_id worker, call_id call, result_kind kind,
                                   time_point now) noexcept;
    void call_withdrawn(worker_id worker, call_id call, bool in_time, time_point now) noexcept;
    void channel_read(worker_id worker, time_point now) noexcept;      // answers read_channel
    void protocol_violated(worker_id worker, time_point now) noexcept; // a bad frame or handshake
    void channel_lost(worker_id worker, time_point now) noexcept;      // end of file, or an error

    // Its end. Before worker_died the shell reads the channel until it would block (what was written
    // before death is there) and copies the page's slots once.
    void worker_died(worker_id worker, claim_snapshot const& slots, time_point now) noexcept;
    void status_known(worker_id worker, exit_status status, time_point now) noexcept;

    void time_passed(time_point now) noexcept;  // next_deadline() is over; early calls do no harm

    // The pool's end. A later shutdown may only strengthen an earlier one.
    void shutdown(unbegun_calls calls, time_point now) noexcept;
    void terminate_workers(time_point now) noexcept;  // SIGTERM, kill_grace, SIGKILL
    void kill_workers(time_point now) noexcept;
    void io_lost() noexcept;  // ends every call and kills every worker; no event follows

    // The next thing to do, in order.
    std::optional<process_pool_action> next_action() noexcept;

    // When to say time_passed at the latest; it may be early. Nothing: no timer is needed.
    std::optional<time_point> next_deadline() const noexcept;

    pool_phase phase() const noexcept;
    bool is_broken() const noexcept;
    std::size_t queued() const noexcept;   // calls not sent to a worker
    std::size_t calls() const noexcept;    // all that have not ended
    std::size_t workers() const noexcept;  // processes there are, or are being started
    std::size_t idle() const noexcept;     // of these, ready and without a call

private:
    class state;
    std::unique_ptr<state> state_;
};

}  // namespace cofu::detail
