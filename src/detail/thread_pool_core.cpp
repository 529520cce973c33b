// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "thread_pool_core.hpp"

#include "../posix/this_process.hpp"

#include <cofu/detail/pool_executor.hpp>
#include <cofu/error.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace cofu::detail {

namespace {

constexpr std::size_t largest_pool = 65'536;

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

}  // namespace

constinit thread_local worker* this_worker = nullptr;

thread_pool_core::thread_pool_core(boost::asio::execution_context& context,
                                   thread_pool_options options)
    : context_(context),
      options_(named(std::move(options))),
      max_workers_(chosen_workers(options_)),
      epoch_(process_epoch()),
      epoch_now_(process_epoch_word()),
      registration_(*this)
{
    opened_or_closed();
}

thread_pool_core::~thread_pool_core() = default;

bool thread_pool_core::is_forked() const noexcept
{
    return epoch_now_.load(std::memory_order_relaxed) != epoch_;
}

worker* thread_pool_core::own_worker() const noexcept
{
    auto* const self = this_worker;
    return self && self->pool == this ? self : nullptr;
}

bool thread_pool_core::on_worker() const noexcept
{
    return own_worker() != nullptr;
}

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
    if (is_forked())
        throw_of_another_process();
    // A guess; push_call() decides.
    if (admits_at_once_.load(std::memory_order_relaxed))
        return admission::admitted;
    return admit_locked(waiter);
}

admission thread_pool_core::admit_locked(room_waiter* waiter)
{
    lock_type lock(mutex_);
    check_open();
    start_first();
    return places_.admit(waiter);
}

void thread_pool_core::give_back_place_locked() noexcept
{
    room_waiter* next = nullptr;
    {
        lock_type lock(mutex_);
        next = places_.give_back();
    }
    if (next)
        next->granted({});
}

bool thread_pool_core::leave_line(room_waiter& waiter) noexcept
{
    lock_type lock(mutex_);
    return leave(places_.line(), waiter);
}

bool thread_pool_core::push_at_once(queue_entry& entry, bool is_call) noexcept
{
    // Producers that meet all the time are quicker if each pushes some in a row.
    int breaks = most_breaks;
    unsigned pauses = 8;
    for (backoff pause; is_open_.load(std::memory_order_relaxed);) {
        if (idle_.guess().more)
            return push_and_grow(entry, is_call);
        if (try_push(entry, is_call))
            return true;
        if (breaks-- > 0 && may_yield())
            backoff::linger(std::exchange(pauses, longer_break(pauses)));
        else
            pause();
    }
    return false;
}

bool thread_pool_core::push_and_grow(queue_entry& entry, bool is_call) noexcept
{
    boost::intrusive_ptr const keep(this);
    bool wake = false, nothing_waited = false;
    auto const admit = [&](auto const& nothing_waits) {
        if (!is_open_.load(std::memory_order_relaxed))
            return false;
        nothing_waited = nothing_waits();
        wake = idle_.choose_one();
        return true;
    };
    if (!queues_.push(entry, is_call, admit))
        return false;
    if (wake)
        futex_wake(idle_.tokens(), 1);
    else if (!give_way())
        grow(nothing_waited);
    return true;
}

bool thread_pool_core::push_local(worker& self, queue_entry& entry) noexcept
{
    bool nothing_waited = false;
    auto const admit = [&](auto const& nothing_waits) {
        if (!is_open_.load(std::memory_order_relaxed))
            return false;
        nothing_waited = idle_.guess().more && nothing_waits();
        return true;
    };
    if (!queues_.push_local(self.queue, entry, admit))
        return false;
    queues_.fence().light();
    if (idle_.load().need_another())
        call_another(nothing_waited);
    return true;
}

void thread_pool_core::push_locked(queue_entry& entry, worker* self, lock_type lock)
{
    bool nothing_waited = false;
    auto const admit = [&](auto const& nothing_waits) {
        nothing_waited = nothing_waits();
        return true;
    };
    if (self)
        queues_.push_local(self->queue, entry, admit);
    else
        queues_.push(entry, entry.is_call(), admit);
    queues_.fence().light();
    bool const wake = choose_sleeper();
    boost::intrusive_ptr const keep(this);
    lock.unlock();
    if (wake)
        futex_wake(idle_.tokens(), 1);
    else if (self || !give_way())
        grow(nothing_waited);
}

void thread_pool_core::push_call(queue_entry& call, entrance by)
{
    auto* const self = by == entrance::submitted ? own_worker() : nullptr;
    if (self)
        push_by_worker(*self, call);
    else if (!try_push(call, true))
        push_call_slowly(call, by, nullptr);
}

void thread_pool_core::push_by_worker(worker& self, queue_entry& call)
{
    if (!try_push_local(self, call))
        push_call_slowly(call, entrance::submitted, &self);
}

// On the path of most calls: where it takes no lock that is held, no memory and no new thread.
bool thread_pool_core::try_push_local(worker& self, queue_entry& entry) noexcept
{
    auto const is_open = [this] { return is_open_.load(std::memory_order_relaxed); };
    if (idle_.guess().more || !queues_.try_push_local(self.queue, entry, is_open))
        return false;
    queues_.fence().light();
    if (idle_.load().need_another())
        call_another(false);
    return true;
}

// Once the entry is in the queue it may run and end the pool: nothing of the pool is touched after
// the lock of the queue, unless a reference keeps it.
bool thread_pool_core::try_push(queue_entry& entry, bool is_call) noexcept
{
    if (idle_.guess().more)
        return false;
    bool wake = false;
    auto const* const tokens = idle_.tokens();
    auto const admit = [&] {
        if (!is_open_.load(std::memory_order_relaxed))
            return false;
        wake = idle_.choose_one();
        return true;
    };
    if (!queues_.try_push(entry, is_call, admit))
        return false;
    if (wake)
        futex_wake(tokens, 1);
    return true;
}

void thread_pool_core::push_call_slowly(queue_entry& call, entrance by, worker* self)
{
    if (!(self ? push_local(*self, call) : push_at_once(call, true)))
        push_call_locked(call, by, self);
}

// A call from the line was admitted before: it may have been put there by a worker of a draining
// pool, and may be granted by any thread.
void thread_pool_core::push_call_locked(queue_entry& call, entrance by, worker* self)
{
    lock_type lock(mutex_);
    ++refused_;
    if (by == entrance::submitted || broken_ || phase_ != phase::draining)
        check_open();
    start_first();
    --refused_;
    push_locked(call, self, std::move(lock));
}

bool thread_pool_core::push_function(queue_entry& function)
{
    if (is_forked())
        throw_of_another_process();
    if (try_push(function, false) || push_at_once(function, false))
        return true;
    lock_type lock(mutex_);
    if (broken_ || phase_ == phase::closed)
        return false;
    start_first();
    push_locked(function, nullptr, std::move(lock));
    return true;
}

boost::asio::any_io_executor thread_pool_core::io_executor() noexcept
{
    return basic_pool_executor<std::allocator<void>, 0>(*this);
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
        // Who stops a call has seen it run, and so the store before that (worker_stay).
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
    // What began is read before what ended: what a worker does in between is not taken for running.
    for (auto const& w : workers_) {
        auto const started = w->started.load(std::memory_order_acquire);
        auto const finished = w->finished.load(std::memory_order_relaxed);
        auto const failed = w->failed.load(std::memory_order_relaxed);
        s.finished += finished;
        s.failed += failed;
        s.running += started > finished + failed ? started - finished - failed : 0;
    }
    s.submitted = queues_.calls_from_outside() + refused_;
    for (auto const& w : workers_)
        s.submitted += w->queue.calls.load(std::memory_order_relaxed);
    s.workers = threads_;
    s.idle = idle_.load().sleeping;
    s.failed += failed_by_pool_;
    s.cancelled = cancelled_.load(std::memory_order_relaxed);
    auto const over = s.finished + s.failed + s.cancelled + s.running;
    s.queued = s.submitted > over ? s.submitted - over : 0;
    return s;
}

}  // namespace cofu::detail
