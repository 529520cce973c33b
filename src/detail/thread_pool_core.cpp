// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "thread_pool_core.hpp"

#include "../posix/this_process.hpp"

#include <cofu/detail/deadline.hpp>
#include <cofu/detail/pool_executor.hpp>
#include <cofu/detail/worker_count.hpp>
#include <cofu/detail/worker_stay.hpp>
#include <cofu/error.hpp>

#include <boost/thread/exceptions.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace cofu::detail {

namespace {

constexpr std::size_t largest_pool = 65'536;
constexpr auto creation_retry = std::chrono::milliseconds(100);

std::size_t chosen_workers(thread_pool_options const& options)
{
    if (options.max_workers > largest_pool)
        throw std::invalid_argument("thread_pool_executor: max_workers is "
                                    + std::to_string(options.max_workers)
                                    + "; it must be at most 65,536 (0 chooses a number)");
    if (options.max_workers != 0)
        return options.max_workers;
    return std::min<std::size_t>(32, available_processors() + 4);
}

thread_pool_options named(thread_pool_options options)
{
    static constinit std::atomic<unsigned> pools{0};
    if (options.thread_name_prefix.empty())
        options.thread_name_prefix =
            "ThreadPoolExecutor-" + std::to_string(pools.fetch_add(1, std::memory_order_relaxed));
    return options;
}

shutdown_report report(pool_stats const& start, pool_stats const& now) noexcept
{
    return {now.finished + now.failed - start.finished - start.failed,
            now.cancelled - start.cancelled};
}

}  // namespace

worker*& this_worker() noexcept
{
    constinit thread_local worker* self = nullptr;
    return self;
}

namespace {

// A shutdown on this thread's stack tells those whom it ends; their callbacks may shut down again.
struct telling {
    thread_pool_core const* pool;
    telling const* outer;
};
constinit thread_local telling const* innermost_telling = nullptr;

std::size_t tellings_of(thread_pool_core const* pool) noexcept
{
    std::size_t n = 0;
    for (auto const* t = innermost_telling; t; t = t->outer)
        n += t->pool == pool;
    return n;
}

// The pool that this thread was a worker of.
constinit thread_local thread_pool_core const* ended_in = nullptr;

}  // namespace

thread_pool_core::thread_pool_core(boost::asio::execution_context& context,
                                   thread_pool_options options)
    : context_(context),
      options_(named(std::move(options))),
      max_workers_(chosen_workers(options_)),
      epoch_(process_epoch()),
      registration_(*this)
{
}

thread_pool_core::~thread_pool_core() = default;

bool thread_pool_core::is_forked() const noexcept
{
    return process_epoch() != epoch_;
}

void thread_pool_core::check_process() const
{
    if (is_forked())
        throw invalid_state_error("this pool belongs to the parent process and its threads do not "
                                  "exist here; make pools after fork()");
}

bool thread_pool_core::on_worker() const noexcept
{
    auto const* const self = this_worker();
    return self && self->pool == this;
}

// --- accepting work

void thread_pool_core::check_open() const
{
    if (broken_)
        throw_broken();
    if (phase_ == phase::open || (phase_ == phase::draining && on_worker()))
        return;
    throw shut_down_error();
}

void thread_pool_core::throw_broken() const
{
    std::rethrow_exception(make_broken(const_cast<std::exception_ptr*>(&broken_)));
}

std::exception_ptr thread_pool_core::make_broken(void* cause) noexcept
{
    try {
        std::rethrow_exception(*static_cast<std::exception_ptr*>(cause));
    } catch (...) {
        try {
            std::throw_with_nested(broken_thread_pool());
        } catch (...) {
            return std::current_exception();
        }
    }
}

admission thread_pool_core::admit(room_waiter* waiter)
{
    check_process();
    if (admits_at_once_.load(std::memory_order_relaxed))
        return admission::admitted;
    lock_type lock(mutex_);
    check_open();
    start_first();
    if (options_.max_queue == unlimited) {
        admits_at_once_.store(phase_ == phase::open && options_.idle_timeout == forever,
                              std::memory_order_relaxed);
        return admission::admitted;
    }
    if (places_used_ < options_.max_queue && line_.empty()) {
        ++places_used_;
        return admission::admitted;
    }
    if (!waiter)
        return admission::full;
    line_.push_back(*waiter);
    return admission::waiting;
}

void thread_pool_core::give_back_place() noexcept
{
    if (options_.max_queue == unlimited)
        return;
    room_waiter* next = nullptr;
    {
        lock_type lock(mutex_);
        if (line_.empty()) {
            --places_used_;
        } else {
            next = &line_.front();
            line_.pop_front();
        }
    }
    if (next)
        next->granted({});
}

bool thread_pool_core::leave_line(room_waiter& waiter) noexcept
{
    lock_type lock(mutex_);
    if (!waiter.is_linked())
        return false;
    line_.erase(line_.iterator_to(waiter));
    return true;
}

// A call from the line was admitted before: it may have been put there by a worker of a draining
// pool, and may be granted by any thread.
void thread_pool_core::push_call(queue_entry& call, entrance by)
{
    lock_type lock(mutex_);
    ++submitted_;
    if (by == entrance::submitted || broken_ || phase_ != phase::draining)
        check_open();
    start_first();
    bool const was_empty = queues_.empty();
    if (by == entrance::submitted && on_worker())
        queues_.push_local(this_worker()->queue, call);
    else
        queues_.push(call);
    wake_after(on_work(was_empty), lock);
}

bool thread_pool_core::push_function(queue_entry& function)
{
    check_process();
    lock_type lock(mutex_);
    if (broken_ || phase_ == phase::closed)
        return false;
    start_first();
    bool const was_empty = queues_.empty();
    queues_.push(function);
    wake_after(on_work(was_empty), lock);
    return true;
}

// --- threads

// A pool without a thread gets one before anything is queued; if that fails, nothing has happened.
void thread_pool_core::start_first()
{
    if (threads_ != 0)
        return;
    start_worker();
    first_start_ = true;
}

void thread_pool_core::start_worker()
{
    auto free = std::find_if(workers_.begin(), workers_.end(),
                             [](auto const& w) { return !w->alive; });
    if (free == workers_.end()) {
        auto made = std::make_unique<worker>();
        made->pool = this;
        made->number = workers_.size();
        workers_.reserve(workers_.size() + 1);
        local_queues_.push_back(&made->queue);
        workers_.push_back(std::move(made));
        free = workers_.end() - 1;
    }
    auto& chosen = **free;
    boost::thread::attributes attributes;
    if (options_.stack_size != 0)
        attributes.set_stack_size(options_.stack_size);
    // The thread lets go of the core when it ends, not when it is joined: nobody joins the last
    // worker of a pool that was destroyed by its own call.
    auto run = [core = boost::intrusive_ptr(this), &chosen]() mutable {
        auto const keep = std::move(core);
        keep->work(chosen);
    };
    chosen.thread = boost::thread(attributes, std::move(run));
    chosen.alive = true;
    ++threads_;
    ++running_;
}

// The pool may be destroyed as soon as what was pushed has run.
void thread_pool_core::wake_after(bool wake, lock_type& lock) noexcept
{
    boost::intrusive_ptr const keep(wake ? this : nullptr);
    lock.unlock();
    if (wake)
        work_.notify_one();
}

// True: the caller notifies a sleeping worker, if it can once it has let go of the mutex: a woken
// thread that meets the mutex goes back to sleep. The worker counts as looking from now on.
bool thread_pool_core::on_work(bool queue_was_empty) noexcept
{
    if (in_shutdown_ != 0)
        changed_.notify_all();
    // Acquire: a worker that left its call raised looking_ before its future became done.
    switch (detail::on_work({threads_, max_workers_, sleeping_ - woken_,
                             looking_.load(std::memory_order_acquire), queue_was_empty})) {
    case worker_action::none: return false;
    case worker_action::wake:
        ++woken_;
        looking_.fetch_add(1, std::memory_order_relaxed);
        return true;
    case worker_action::start: break;
    }
    if (std::exchange(first_start_, false))
        return false;
    // The workers that exist take the work if no more can be made.
    if (retry_at_ != std::chrono::steady_clock::time_point()
        && std::chrono::steady_clock::now() < retry_at_)
        return false;
    try {
        start_worker();
        retry_at_ = {};
    } catch (...) {
        retry_at_ = std::chrono::steady_clock::now() + creation_retry;
    }
    return false;
}

void thread_pool_core::look(worker& self) noexcept
{
    self.looking = true;
    looking_.fetch_add(1, std::memory_order_release);
}

// The worker is about to run something that may take long; it leaves what waits to others.
void thread_pool_core::stop_looking(worker& self) noexcept
{
    if (!self.looking)
        return;
    self.looking = false;
    lock_type lock(mutex_);
    looking_.fetch_sub(1, std::memory_order_relaxed);
    if (!queues_.empty() && on_work(false))
        work_.notify_one();
}

void thread_pool_core::work(worker& self) noexcept
{
    this_worker() = &self;
    name_this_thread(options_.thread_name_prefix, self.number);
    bool const ready = initialize(self);
    lock_type lock(mutex_);
    --running_;
    if (ready) {
        while (auto* entry = next(self, lock)) {
            ++running_;
            lock.unlock();
            if (self.owes_wake)
                work_.notify_one();
            entry->run();
            lock.lock();
            --running_;
        }
    }
    end(self, std::move(lock));
}

bool thread_pool_core::initialize(worker&) noexcept
{
    if (!options_.initializer)
        return true;
    try {
        options_.initializer();
        worker_stay::swallow_interruption();
        return true;
    } catch (...) {
        lock_type lock(mutex_);
        break_with(std::current_exception(), lock);
        return false;
    }
}

// What to run next; null: this thread ends.
queue_entry* thread_pool_core::next(worker& self, lock_type& lock) noexcept
{
    first_start_ = false;
    for (;;) {
        if (!self.looking)
            look(self);
        auto* const entry = queues_.take(local_queues_, self.number);
        self.looking = false;
        looking_.fetch_sub(1, std::memory_order_relaxed);
        if (entry) {
            self.owes_wake = !queues_.empty() && on_work(false);
            return entry;
        }
        close_if_drained();
        if (phase_ == phase::closed || !sleep(self, lock))
            return nullptr;
    }
}

// True: there may be work.
bool thread_pool_core::sleep(worker& self, lock_type& lock) noexcept
{
    auto const is_over = [this] { return woken_ != 0 || phase_ == phase::closed; };
    ++sleeping_;
    if (options_.idle_timeout == forever) {
        work_.wait(lock, is_over);
    } else {
        auto const limit = deadline_after(options_.idle_timeout);
        if (limit)
            work_.wait_until(lock, *limit, is_over);
        else
            work_.wait(lock, is_over);
    }
    --sleeping_;
    if (woken_ == 0)
        return false;
    --woken_;
    self.looking = true;
    return true;
}

void thread_pool_core::end(worker& self, lock_type lock) noexcept
{
    self.alive = false;
    if (--threads_ == 0)
        admits_at_once_.store(false, std::memory_order_relaxed);
    auto before = std::exchange(last_ended_, std::move(self.thread));
    changed_.notify_all();
    this_worker() = nullptr;
    ended_in = this;
    tell_ended(lock);
    lock.unlock();
    join(std::move(before));
}

// Once the pool has ended, the operations that wait for that are posted.
void thread_pool_core::tell_ended(lock_type& lock) noexcept
{
    if (!ended() || shutdown_waiters_.empty())
        return;
    ready_ops ready;
    while (!shutdown_waiters_.empty()) {
        auto& waiter = shutdown_waiters_.front();
        shutdown_waiters_.pop_front();
        waiter.report = report(waiter.start, stats_now());
        ready.push(*waiter.op);
    }
    lock.unlock();
    ready.post_all();
    lock.lock();
}

// --- ending

bool thread_pool_core::drained() const noexcept
{
    return (phase_ == phase::draining || phase_ == phase::closing) && queues_.empty()
           && running_ == 0
           && (!wait_for_work_ || outstanding_.load(std::memory_order_acquire) <= 0);
}

void thread_pool_core::close_if_drained() noexcept
{
    if (!drained())
        return;
    phase_ = phase::closed;
    work_.notify_all();
    changed_.notify_all();
}

void thread_pool_core::begin_shutdown(shutdown_options const& options, lock_type& lock)
{
    admits_at_once_.store(false, std::memory_order_relaxed);
    if (phase_ == phase::open) {
        phase_ = phase::draining;
        wait_for_work_ = options.wait_for_work;
    }
    wait_for_work_ = wait_for_work_ || options.wait_for_work;
    entry_list withdrawn;
    if (options.cancel_futures && phase_ != phase::closed) {
        phase_ = phase::closing;
        queues_.take_all(local_queues_, true, withdrawn);
    }
    // Counts as running: the handlers of what ends here are posted before the pool may close.
    ++running_;
    telling const here{this, innermost_telling};
    innermost_telling = &here;
    turn_away(errc::shut_down, lock);
    lock.unlock();
    while (!withdrawn.empty()) {
        auto& entry = withdrawn.front();
        withdrawn.pop_front();
        entry.withdraw();
    }
    innermost_telling = here.outer;
    lock.lock();
    --running_;
    close_if_drained();
    tell_ended(lock);
}

// Tells those who stand in line now. Each leaves the line under the lock, as it does by itself when
// its operation is cancelled meanwhile.
void thread_pool_core::turn_away(errc why, lock_type& lock) noexcept
{
    auto turned_away = std::move(line_);
    while (!turned_away.empty()) {
        auto& waiter = turned_away.front();
        turned_away.pop_front();
        lock.unlock();
        waiter.granted(why);
        lock.lock();
    }
}

shutdown_report thread_pool_core::shutdown(shutdown_options const& options)
{
    if (is_forked())
        return {};
    lock_type lock(mutex_);
    auto const start = stats_now();
    begin_shutdown(options, lock);
    if (!options.wait)
        return report(start, stats_now());
    auto const tellings = tellings_of(this);
    running_ -= tellings;
    if (!on_worker()) {
        close_if_drained();
        changed_.wait(lock, [this] { return ended(); });
    } else {
        // Waits for all others but those that wait here too, and does their work meanwhile. When no
        // other is left, all that wait here are let go together.
        auto& self = *this_worker();
        auto const over = shutdowns_over_;
        --running_;
        ++in_shutdown_;
        changed_.notify_all();
        while (over == shutdowns_over_) {
            if (auto* const entry = queues_.take(local_queues_, self.number)) {
                --in_shutdown_;
                ++running_;
                if (!queues_.empty() && on_work(false))
                    work_.notify_one();
                run_nested(self, *entry, lock);
                --running_;
                ++in_shutdown_;
                continue;
            }
            close_if_drained();
            if (phase_ == phase::closed && threads_ == in_shutdown_) {
                ++shutdowns_over_;
                changed_.notify_all();
            } else {
                changed_.wait(lock);
            }
        }
        ++running_;
        --in_shutdown_;
    }
    running_ += tellings;
    join_ended(lock);
    return report(start, stats_now());
}

// Runs an entry on the stack of a call that waits. An interruption of the waiting call is kept for
// it, and does not reach the entry.
void thread_pool_core::run_nested(worker& self, queue_entry& entry, lock_type& lock) noexcept
{
    auto* const outer = self.innermost.load(std::memory_order_relaxed);
    bool const interrupted = boost::this_thread::interruption_requested();
    if (interrupted)
        worker_stay::swallow_interruption();
    suspended_call waiting{outer, interrupted, self.suspended};
    self.suspended = &waiting;
    self.innermost.store(nullptr, std::memory_order_relaxed);
    lock.unlock();
    entry.run();
    lock.lock();
    self.innermost.store(outer, std::memory_order_relaxed);
    self.suspended = waiting.below;
    if (waiting.interruption)
        self.thread.interrupt();
    if (self.looking) {
        self.looking = false;
        looking_.fetch_sub(1, std::memory_order_relaxed);
    }
}

bool thread_pool_core::shut_down_async(shutdown_options const& options, shutdown_waiter& waiter)
{
    if (is_forked())
        return true;
    boost::intrusive_ptr const keep(this);  // a callback of a cancelled call may destroy the pool
    lock_type lock(mutex_);
    waiter.start = stats_now();
    begin_shutdown(options, lock);
    if (options.wait && !ended()) {
        shutdown_waiters_.push_back(waiter);
        return false;
    }
    waiter.report = report(waiter.start, stats_now());
    return true;
}

bool thread_pool_core::abandon(shutdown_waiter& waiter) noexcept
{
    lock_type lock(mutex_);
    if (!waiter.is_linked())
        return false;
    shutdown_waiters_.erase(shutdown_waiters_.iterator_to(waiter));
    return true;
}

void thread_pool_core::join_ended(lock_type& lock) noexcept
{
    auto last = std::move(last_ended_);
    if (!last.joinable())
        return;
    lock.unlock();
    // A worker that has ended may come here from the destructors of its thread-local objects: those
    // that ended later wait for it.
    if (ended_in == this)
        last.detach();
    else
        join(std::move(last));
    lock.lock();
}

void thread_pool_core::join(boost::thread ended) noexcept
{
    if (!ended.joinable())
        return;
    boost::this_thread::disable_interruption const no_interruption;
    ended.join();
}

void thread_pool_core::break_with(std::exception_ptr cause, lock_type& lock) noexcept
{
    if (broken_)
        return;
    broken_ = cause;
    admits_at_once_.store(false, std::memory_order_relaxed);
    phase_ = phase::closed;
    entry_list failed;
    queues_.take_all(local_queues_, false, failed);
    work_.notify_all();
    changed_.notify_all();
    turn_away(errc::broken_thread_pool, lock);
    lock.unlock();
    std::uint64_t calls = 0;
    while (!failed.empty()) {
        auto& entry = failed.front();
        failed.pop_front();
        calls += entry.fail(&make_broken, &cause);
    }
    lock.lock();
    failed_by_pool_ += calls;
}

void thread_pool_core::work_finished() noexcept
{
    auto n = outstanding_.load(std::memory_order_relaxed);
    while (n != 1)
        if (outstanding_.compare_exchange_weak(n, n - 1, std::memory_order_acq_rel))
            return;
    // The last goes under the lock, so that a shutdown that waits for it does not end before this.
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    if (outstanding_.fetch_sub(1, std::memory_order_acq_rel) == 1 && wait_for_work_) {
        close_if_drained();
        tell_ended(lock);
    }
}

// --- for calls

boost::asio::any_io_executor thread_pool_core::io_executor() noexcept
{
    return basic_pool_executor<std::allocator<void>, 0>(*this);
}

void thread_pool_core::begun() noexcept
{
    give_back_place();
}

void thread_pool_core::call_cancelled() noexcept
{
    cancelled_.fetch_add(1, std::memory_order_relaxed);
    give_back_place();
}

void thread_pool_core::interrupt(shared_state& call) noexcept
{
    lock_type lock(mutex_);
    for (auto& w : workers_) {
        if (w->innermost.load(std::memory_order_acquire) == &call)
            w->thread.interrupt();
        for (auto* s = w->suspended; s; s = s->below)
            s->interruption = s->interruption || s->call == &call;
    }
}

pool_stats thread_pool_core::stats() const
{
    if (is_forked())
        return {};
    lock_type lock(mutex_);
    return stats_now();
}

pool_stats thread_pool_core::stats_now() const noexcept
{
    pool_stats s;
    std::uint64_t started = 0;
    // What ended is read before what began, as a worker writes them the other way round.
    for (auto const& w : workers_) {
        s.finished += w->finished.load(std::memory_order_acquire);
        s.failed += w->failed.load(std::memory_order_acquire);
        started += w->started.load(std::memory_order_relaxed);
    }
    s.workers = threads_;
    s.idle = sleeping_;
    s.running = started - s.finished - s.failed;
    s.failed += failed_by_pool_;
    s.submitted = submitted_;
    s.cancelled = cancelled_.load(std::memory_order_relaxed);
    auto const over = s.finished + s.failed + s.cancelled + s.running;
    s.queued = submitted_ > over ? submitted_ - over : 0;
    return s;
}

}  // namespace cofu::detail
