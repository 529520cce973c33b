// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The decisions of a process pool: which call goes to which worker, what ends, who is started, asked
// to stop, killed, replaced. Events in, actions out; no clock, thread, lock, descriptor or Asio.
// The rules are PPE-01 to PPE-17 of the contract; doc/design/process-dispatch.md has the picture.

#include "action_queue.hpp"
#include "call_queue.hpp"
#include "claim_word.hpp"
#include "process_pool_action.hpp"
#include "restart_limit.hpp"
#include "worker_lineup.hpp"

#include <cstddef>
#include <cstdint>
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
// may be reported from inside the loop that carries out actions. Only call_submitted allocates, and
// for all that may follow.
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
    void start_failed(worker_id worker, time_point now) noexcept;  // forget_worker follows
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
    // process_pool_calls.cpp
    void end_call(record_index call, call_end end, record_index worker = no_record) noexcept;
    void drop_call(record_index call) noexcept;
    void take_from_line(record_index call) noexcept;
    void put_back(record_index call) noexcept;
    void dispatch() noexcept;
    bool may_start() const noexcept;
    void start_one() noexcept;
    void send_next(record_index worker) noexcept;
    void front_changed(record_index worker) noexcept;
    void rebalance() noexcept;
    std::size_t depth() const noexcept;
    void measure(worker_record const& worker) noexcept;

    // process_pool_workers.cpp
    void set_phase(record_index worker, worker_phase phase) noexcept;
    void place(record_index worker) noexcept;
    void become_ready(record_index worker) noexcept;
    answer_verdict initializer_answered(record_index worker, result_kind kind) noexcept;
    void judge(record_index worker, claim_snapshot const& slots) noexcept;
    bool judge_call(record_index worker, record_index call, bool begun) noexcept;
    void boot_failed() noexcept;
    void conclude(record_index worker) noexcept;
    void close(record_index worker) noexcept;

    // process_pool_endings.cpp
    void set_deadline(record_index worker, pool_clock::duration after) noexcept;
    void clear_deadline(record_index worker) noexcept;
    void deadline_passed(record_index worker) noexcept;
    void begin_ladder(record_index worker, call_end end) noexcept;
    void withdraw(record_index worker, unsigned slot) noexcept;
    void withdraw_all(record_index worker, std::size_t from) noexcept;
    void condemn(record_index worker, call_end blame) noexcept;
    void kill(record_index worker) noexcept;
    void break_pool(broken_cause cause, bool kill_all) noexcept;
    void begin_nothing_more(call_end end) noexcept;
    void check_drained() noexcept;

    process_pool_rules rules_;
    time_point now_{};  // of the last event
    call_table calls_;
    call_queue queue_{calls_};
    worker_table workers_;
    worker_lineup lineup_{workers_};
    restart_limit_count restarts_;
    action_queue actions_;

    pool_phase phase_ = pool_phase::open;
    bool broken_ = false;
    call_end unbegun_end_ = call_end::cancelled;  // while closing: of what did not begin
    std::size_t booting_ = 0;                     // workers that will take a call, but not yet
    std::size_t dead_ = 0;                        // workers whose status is awaited
    std::size_t boot_deaths_ = 0;                 // those among them that were not ready yet
    std::uint64_t submitted_ = 0;
    pool_clock::duration mean_{-1};    // of a call's time as the first in line; negative: unknown
    std::size_t deadlines_ = 0;        // of workers
    time_point earliest_ = worker_record::never;  // no deadline is before this
};

}  // namespace cofu::detail
