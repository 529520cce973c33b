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

worker*& this_worker() noexcept
{
    constinit thread_local worker* self = nullptr;
    return self;
}

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
