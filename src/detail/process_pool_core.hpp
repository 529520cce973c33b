// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A process pool without its public face: the shell that tells the state machine what happened and
// does what it says. doc/design/process-pool.md has the picture.

#include "../posix/poller.hpp"
#include "../posix/worker_launcher.hpp"
#include "acting_calls.hpp"
#include "own_thread.hpp"
#include "pool_io.hpp"
#include "process_pool_fsm.hpp"
#include "process_pool_thread.hpp"
#include "queue_places.hpp"
#include "worker_channel.hpp"

#include <cofu/detail/deadline.hpp>
#include <cofu/detail/process_access.hpp>
#include <cofu/detail/process_task.hpp>
#include <cofu/error.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/process_pool_options.hpp>
#include <cofu/shutdown_options.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace cofu::detail {

class io_context_watch;

class process_pool_core final
    : public call_pool,
      public pool_io,
      public callback_runner,
      public boost::intrusive_ref_counter<process_pool_core, boost::thread_safe_counter> {
public:
    explicit process_pool_core(process_pool_options options);
    ~process_pool_core();

    // Accepting calls.
    admission admit(room_waiter* waiter);
    void give_back_place() noexcept;
    bool leave_line(room_waiter& waiter) noexcept override;
    void push_call(process_task& task, entrance by);

    // For calls.
    bool recall(process_task& task) noexcept;
    void look(process_task& task) noexcept;
    void request_stop(process_task& task) noexcept;
    boost::asio::any_io_executor io_executor() noexcept override { return io_; }
    pool_observer* observer() const noexcept override { return options_.observer; }
    void call_cancelled() noexcept override;
    void interrupt(shared_state&) noexcept override {}

    // For threads that wait.
    // Blocks until the call is done, or the time is over, and drives the pool's I/O meanwhile. False:
    // a thread of the pool does that. An interruption point.
    bool drive_until_done(shared_state& call, deadline const& limit);
    pool_io* io() noexcept override { return this; }
    bool needs_driver() const noexcept override
    {
        return (!own_ || own_->is_current()) && !is_forked();
    }
    int descriptor() const noexcept override { return poller_.descriptor(); }
    void drive() noexcept override { drive(false); }
    turn_answer ask_turn(io_turn& turn) noexcept override;
    void leave_turn(io_turn& turn) noexcept override;

    // Ending.
    shutdown_report shutdown(shutdown_options const& options);
    bool shut_down_async(shutdown_options const& options, shutdown_waiter& waiter);
    bool abandon(shutdown_waiter& waiter) noexcept override;
    void terminate_workers();
    void kill_workers();
    // The context of the program's executor ends before the pool does.
    void io_lost() noexcept;
    void close_tickets() noexcept { registration_.close(); }
    bool is_forked() const noexcept;

    pool_stats stats() const;
    pool_ticket ticket() const noexcept { return registration_.ticket(); }
    // The pool of a call; null: it is gone.
    static boost::intrusive_ptr<process_pool_core> of(pool_ticket ticket) noexcept;
    process_pool_options const& options() const noexcept { return options_; }

private:
    using lock_type = std::unique_lock<std::mutex>;

    // What is to be done once the mutex is free.
    struct aftermath {
        task_list ended;
        room_line admitted;
        room_line turned_away;
        errc why = errc::shut_down;  // they were turned away
    };

    void check_process() const;
    void check_open() const;  // throws; mutex held
    static std::exception_ptr make_broken(void* cause) noexcept;

    void free_one_place() noexcept;

    enum class found_by { caller, driver };  // who found out that calls have ended

    // Doing what the state machine says; mutex held. settle() ends with the mutex free, and whoever
    // calls it keeps the core.
    void settle(lock_type& lock, found_by whom = found_by::caller) noexcept;
    void obey(start_worker const& a) noexcept;
    void obey(send_initializer const& a) noexcept;
    void obey(send_call const& a) noexcept;
    void obey(withdraw_call const& a) noexcept;
    void obey(stop_call const& a) noexcept;
    void obey(read_channel const& a) noexcept;
    void obey(close_worker const& a) noexcept;
    void obey(terminate_worker const& a) noexcept;
    void obey(kill_worker const& a) noexcept;
    void obey(forget_worker const& a) noexcept;
    void obey(note_boot_death const& a) noexcept;
    void obey(finish_call const& a) noexcept;
    void obey(pool_broken const& a) noexcept;
    void obey(pool_closed const& a) noexcept;
    void send(worker_channel& w, frame_header header, std::span<std::byte const> payload) noexcept;
    void flush_later(worker_channel& w) noexcept;
    void flush(worker_channel& w) noexcept;
    void forget_sent(worker_channel& w, call_id call) noexcept;
    void set_deadline() noexcept;
    void close_link(lock_type& lock) noexcept;
    void wake_waiters() noexcept;
    void tell_line(lock_type& lock) noexcept;
    void tell_closed(lock_type& lock) noexcept;

    // Telling futures, and their callbacks; mutex held, but not throughout.
    void conclude(lock_type& lock, found_by whom) noexcept;
    std::size_t conclusions_below() const noexcept;
    void take(shared_state& call) noexcept override;
    void call_back(lock_type& lock) noexcept;
    void run_callbacks(lock_type& lock) noexcept;
    shared_state& take_due() noexcept;
    void run_callbacks_of(shared_state& call, lock_type& lock) noexcept;
    void run_posted_callbacks() noexcept;
    void run_callbacks_until_over() noexcept;

    // Finding out what happened; mutex held, but for drive().
    void start_thread();
    bool needs_watch() const noexcept;
    void watch_while_needed() noexcept;
    void open_watch();
    void watch();
    void look_or_watch(unsigned looks);
    void look_once(unsigned looks) noexcept;
    std::size_t drive(bool block, deadline const& limit = {}) noexcept;  // how much happened
    template <class Done>
    bool drive_until(lock_type& lock, Done done, deadline const& limit) noexcept;
    void take_turn() noexcept;
    void pass_turn() noexcept;
    void forget(io_turn& turn) noexcept;
    void watch_link() noexcept;
    void tell(poller::event const& e) noexcept;
    void tell(launch_report& r) noexcept;
    void hear_link() noexcept;
    void read(worker_channel& w) noexcept;
    void lose(worker_channel& w) noexcept;
    void take(worker_channel& w, frame const& f) noexcept;
    void answer(worker_channel& w, frame const& f) noexcept;
    void bury(worker_channel& w) noexcept;

    // Ending.
    void begin_shutdown(shutdown_options const& options, lock_type& lock) noexcept;
    bool has_ended() const noexcept;
    bool may_run_callbacks() const noexcept;
    void wait_for_end(lock_type& lock) noexcept;
    void end_threads(lock_type& lock) noexcept;

    void add_reference() noexcept override { boost::sp_adl_block::intrusive_ptr_add_ref(this); }
    void drop_reference() noexcept override { boost::sp_adl_block::intrusive_ptr_release(this); }

    worker_channel* find(worker_id id) noexcept;
    process_task* release(call_id id) noexcept;  // the pool knows it no longer
    void end(process_task& task, task_end how) noexcept;
    void end_call(worker_channel& w, call_id id, task_end how,
                  std::span<std::byte const> answer) noexcept;
    void free_place(process_task& task) noexcept;
    void advance(worker_channel& w) noexcept;
    std::exception_ptr reason(process_task const& task, finish_call const& a) noexcept;
    std::exception_ptr crash_error(worker_id worker, int pid, exit_status status, errc code);
    pool_stats stats_now() const noexcept;
    static pool_clock::time_point now() noexcept { return pool_clock::now(); }

    process_pool_options const options_;
    std::size_t const max_workers_;
    std::uint64_t const epoch_;  // the process that made it
    std::unique_ptr<process_pool_thread> const own_;  // where options_.io is empty
    own_thread callback_thread_;                      // the same, from the first callback on
    boost::asio::any_io_executor const io_;
    io_context_watch* io_watch_ = nullptr;  // of the program's context, while that lives
    pool_registration registration_;
    outcome_counters outcomes_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;  // closed
    // Guarded by the mutex.
    process_pool_fsm fsm_;
    poller poller_;
    std::unique_ptr<launch_link> link_;  // from the first start of a worker on
    int watched_link_ = -1;              // its descriptor, which the poller knows
    boost::unordered_flat_map<worker_id, std::unique_ptr<worker_channel>> workers_;
    boost::unordered_flat_map<call_id, process_task*> tasks_;
    std::vector<worker_channel*> unflushed_;
    aftermath rest_;
    queue_places places_{options_.max_queue};
    boost::intrusive::list<shutdown_waiter> shutdown_waiters_;
    std::uint64_t submitted_ = 0;
    std::exception_ptr boot_error_;  // why a worker could not be started
    std::exception_ptr cause_;       // why the pool is broken, if it is
    bool is_broken_ = false;
    bool is_shut_ = false;        // shutdown began
    bool wait_for_work_ = false;  // and waits for the executor's work too
    bool is_closed_ = false;      // and no call or worker is left
    bool is_over_ = false;        // and its threads end
    std::size_t concluding_ = 0;  // threads that tell futures or run callbacks
    std::size_t excused_ = 0;     // those of them inside a shutdown, which does not wait for them
    bool io_thread_shuts_ = false;        // own_ is inside a shutdown
    bool callback_thread_shuts_ = false;  // callback_thread_ is
    acting_calls due_;                    // whose callbacks are to be run
    bool is_call_back_posted_ = false;    // run_posted_callbacks() is, to io_
    std::condition_variable callbacks_due_;  // or it is over
    bool is_telling_line_ = false;  // tell_line() under way
    bool has_driver_ = false;     // a thread waits for the poller and runs the I/O
    std::thread::id driver_;      // then: which
    boost::intrusive::list<io_turn> turns_;  // of threads that wait for several pools
    bool io_is_lost_ = false;     // its context is gone
    bool is_watching_ = false;    // watched_ has a wait outstanding, or
    bool is_looking_ = false;     // look_once() was posted instead
    std::optional<boost::asio::posix::stream_descriptor> watched_;  // the poller, seen by io_
};

inline std::uint64_t channel_tag(worker_id worker) noexcept { return worker << 1; }
inline std::uint64_t pidfd_tag(worker_id worker) noexcept { return worker << 1 | 1; }

std::exception_ptr timed_out(process_task const& task) noexcept;

// What became of the calls between two looks at the counters.
shutdown_report report(pool_stats const& start, pool_stats const& now) noexcept;

// Blocks until done(), which is asked under the mutex; false: the time is over. One thread drives
// the I/O, the others wait for it.
template <class Done>
bool process_pool_core::drive_until(lock_type& lock, Done done, deadline const& limit) noexcept
{
    while (!done()) {
        if (limit && *limit <= now())
            return false;
        if (!has_driver_) {
            take_turn();
            do {
                lock.unlock();
                drive(true, limit);
                lock.lock();
            } while (!done() && !(limit && *limit <= now()));
            pass_turn();
        } else if (limit) {
            changed_.wait_until(lock, *limit);
        } else {
            changed_.wait(lock);
        }
    }
    return true;
}

}  // namespace cofu::detail
