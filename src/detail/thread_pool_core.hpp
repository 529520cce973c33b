// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A thread pool without its public face: shared by the pool object and its workers, so that a pool
// may be destroyed by one of its own calls. doc/design/thread-pool.md tells how it works.

#include "idle_workers.hpp"
#include "queue_places.hpp"

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/block_memory.hpp>
#include <cofu/detail/pool_access.hpp>
#include <cofu/detail/ready_queues.hpp>
#include <cofu/detail/worker_stay.hpp>
#include <cofu/error.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/thread_pool_options.hpp>

#include <boost/config.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <vector>

namespace cofu::detail {

// A call that waits on its worker's stack while another one runs there.
struct suspended_call {
    shared_state* call;
    bool interruption;      // requested, but not for the one that runs now
    suspended_call* below;  // the one whose stack this one stands on
};

// One thread of the pool, or the place of one that ended.
struct alignas(64) worker : worker_seat {
    bool looking = false;             // counted in the pool's idle_; read by the thread only
    unsigned starts_before_wait = 0;  // of the queue, when it last had nothing; by the thread
    thread_pool_core* pool = nullptr;
    std::size_t number = 0;
    boost::thread thread;                 // guarded by the pool's mutex
    bool alive = false;                   // guarded by the pool's mutex
    suspended_call* suspended = nullptr;  // guarded by the pool's mutex
    local_queue queue;
};

class thread_pool_core final
    : public call_pool,
      public boost::intrusive_ref_counter<thread_pool_core, boost::thread_safe_counter> {
public:
    thread_pool_core(boost::asio::execution_context& context, thread_pool_options options);
    ~thread_pool_core();

    // Accepting work.
    admission admit(room_waiter* waiter);
    void give_back_place() noexcept
    {
        if (options_.max_queue != unlimited)
            give_back_place_locked();
    }
    bool leave_line(room_waiter& waiter) noexcept override;
    void push_call(queue_entry& call, entrance by);
    bool push_function(queue_entry& function);

    // Ending.
    shutdown_report shutdown(shutdown_options const& options);
    // True: it is over already; else the waiter's operation is posted when it is.
    bool shut_down_async(shutdown_options const& options, shutdown_waiter& waiter);
    bool abandon(shutdown_waiter& waiter) noexcept override;
    // The pool object goes: nothing of it is touched any more.
    void close_tickets() noexcept { registration_.close(); }
    bool is_forked() const noexcept;

    // For calls and executors.
    boost::asio::any_io_executor io_executor() noexcept override;
    pool_observer* observer() const noexcept override { return options_.observer; }
    void call_cancelled() noexcept override;
    void interrupt(shared_state& call) noexcept override;
    void work_started() noexcept { outstanding_.fetch_add(1, std::memory_order_relaxed); }
    void work_finished() noexcept;

    // On a worker, for worker_stay.
    void look(worker& self) noexcept;
    void stop_looking(worker& self) noexcept;

    pool_stats stats() const;
    pool_ticket ticket() const noexcept { return registration_.ticket(); }
    boost::asio::execution_context& context() const noexcept { return context_; }
    std::size_t max_workers() const noexcept { return max_workers_; }
    bool on_worker() const noexcept;

private:
    enum class phase { open, draining, closing, closed };
    using lock_type = std::unique_lock<std::mutex>;

    void check_open() const;  // throws; mutex held
    [[noreturn]] void throw_broken() const;
    static std::exception_ptr make_broken(void* cause) noexcept;

    // Apart, not to weigh on the path of most calls.
    BOOST_NOINLINE admission admit_locked(room_waiter* waiter);
    BOOST_NOINLINE void give_back_place_locked() noexcept;
    BOOST_NOINLINE void push_by_worker(worker& self, queue_entry& call);
    BOOST_NOINLINE void push_call_slowly(queue_entry& call, entrance by, worker* self);
    BOOST_NOINLINE void push_call_locked(queue_entry& call, entrance by, worker* self);
    bool try_push_local(worker& self, queue_entry& entry) noexcept;
    bool try_push(queue_entry& entry, bool is_call) noexcept;
    // Without the mutex; false: it must be done with it.
    bool push_at_once(queue_entry& entry, bool is_call) noexcept;
    bool push_and_grow(queue_entry& entry, bool is_call) noexcept;
    bool push_local(worker& self, queue_entry& entry) noexcept;
    void push_locked(queue_entry& entry, worker* self, lock_type lock);

    void start_first();
    void start_worker();
    void grow(bool nothing_waited) noexcept;
    bool give_way() noexcept;
    void grow_locked(bool nothing_waited) noexcept;
    [[nodiscard]] bool choose_sleeper() noexcept;
    BOOST_NOINLINE void call_another(bool nothing_waited) noexcept;
    void pass_on(idle_workers::counts now) noexcept;
    void opened_or_closed() noexcept;

    void work(worker& self) noexcept;
    bool initialize(worker& self) noexcept;
    BOOST_NOINLINE queue_entry* find(worker& self, search how) noexcept;
    BOOST_NOINLINE queue_entry* find_at_a_distance(worker& self) noexcept;
    BOOST_NOINLINE void found(worker& self) noexcept;
    BOOST_NOINLINE queue_entry* wait_for_entry(worker& self, lock_type& lock) noexcept;
    bool sleep(worker& self, lock_type& lock) noexcept;
    bool wait_for_token() noexcept;
    void end(worker& self, lock_type lock) noexcept;
    void run_nested(worker& self, queue_entry& entry, lock_type& lock) noexcept;

    void begin_shutdown(shutdown_options const& options, lock_type& lock);
    void turn_away(errc why, lock_type& lock) noexcept;
    bool drained() noexcept;
    void close_if_drained() noexcept;
    void close() noexcept;
    void break_with(std::exception_ptr cause, lock_type& lock) noexcept;
    void join_ended(lock_type& lock) noexcept;
    static void join(boost::thread ended) noexcept;
    void tell_ended(lock_type& lock) noexcept;
    bool ended() const noexcept { return phase_ == phase::closed && threads_ == 0; }
    worker* own_worker() const noexcept;
    pool_stats stats_now() const noexcept;  // mutex held

    boost::asio::execution_context& context_;
    thread_pool_options const options_;
    std::size_t const max_workers_;
    std::uint64_t const epoch_;  // the process that made it
    std::atomic<std::uint64_t> const& epoch_now_;
    pool_registration registration_;

    block_user const keeps_blocks_;

    // On the path of every call; each guards itself.
    ready_queues queues_;
    idle_workers idle_;
    // Calls and functions may be queued without the mutex: the pool is open and has a thread that
    // stays. Written under the mutex, read under the lock of the queue in question: who has cleared
    // it and then looked into the queues has seen all that was let in before.
    alignas(64) atomic<bool> is_open_{false};
    atomic<bool> admits_at_once_{false};  // and its queue is not bounded: a hint

    alignas(64) mutable std::mutex mutex_;
    std::condition_variable changed_;  // something that a shutdown waits for
    // Guarded by the mutex; the phase is also read without, see sleep().
    atomic<phase> phase_{phase::open};
    bool wait_for_work_ = false;
    std::exception_ptr broken_;
    std::vector<std::unique_ptr<worker>> workers_;
    boost::thread last_ended_;  // to be joined; it joins the one that ended before it
    std::size_t joining_ = 0;   // shutdowns that join the threads that ended
    std::size_t threads_ = 0;
    std::size_t in_shutdown_ = 0;  // workers inside a shutdown
    std::ptrdiff_t telling_ = 0;   // shutdowns that tell those whom they end, less those that wait
    bool first_start_ = false;     // the only worker was started for a call that is not queued yet
    std::uint64_t shutdowns_over_ = 0;  // times that the workers inside a shutdown were let go
    queue_places places_{options_.max_queue};
    boost::intrusive::list<shutdown_waiter> shutdown_waiters_;
    std::chrono::steady_clock::time_point retry_at_{};  // after a thread could not be created
    std::uint64_t refused_ = 0;                         // calls, which count as cancelled
    std::uint64_t failed_by_pool_ = 0;

    std::atomic<unsigned> starting_{0};      // threads that have not begun to look
    std::atomic<unsigned> turns_left_{0};    // of give_way(), until one more is started
    std::atomic<unsigned> futile_turns_{0};  // of give_way(), ever
    std::atomic<std::uint64_t> cancelled_{0};
    atomic<std::ptrdiff_t> outstanding_{0};
};

// What became of the calls between two looks at the counters.
shutdown_report report(pool_stats const& start, pool_stats const& now) noexcept;

// The worker that this thread is, or null.
extern constinit thread_local worker* this_worker;

}  // namespace cofu::detail
