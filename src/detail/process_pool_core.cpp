// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "process_pool_core.hpp"

#include "../posix/this_process.hpp"
#include "../posix/worker_process.hpp"
#include "io_context_watch.hpp"

#include <cofu/detail/process_call.hpp>
#include <cofu/detail/process_hook.hpp>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

constexpr std::size_t largest_pool = 65'536;
constexpr unsigned deepest_worker = 4;

std::size_t chosen_workers(process_pool_options const& options)
{
    if (options.max_workers > largest_pool)
        throw std::invalid_argument("process_pool_executor: max_workers is "
                                    + std::to_string(options.max_workers)
                                    + "; it must be at most 65,536 (0 chooses a number)");
    return options.max_workers != 0 ? options.max_workers : available_processors();
}

process_pool_rules rules_of(process_pool_options const& options, std::size_t workers)
{
    process_pool_rules rules;
    rules.max_workers = workers;
    rules.max_tasks_per_child = options.max_tasks_per_child;
    rules.initializer = static_cast<bool>(options.initializer);
    rules.break_on_crash = options.on_crash == crash_policy::break_pool;
    rules.boot_failures = options.restarts.count;
    rules.boot_failures_within = options.restarts.within;
    rules.kill_grace = options.kill_grace;
    return rules;
}

// Absolute, since a worker may be started after a chdir. Throws std::invalid_argument.
std::string runnable(std::string const& program)
{
    std::error_code error;
    auto const path = std::filesystem::absolute(program, error);
    if (!error && !std::filesystem::is_regular_file(path, error) && !error)
        error = std::make_error_code(std::errc::permission_denied);
    if (!error && ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0)
        error.assign(errno, std::generic_category());
    if (error)
        throw std::invalid_argument("process_pool_executor: worker_program '" + program
                                    + "' can't be run: " + error.message());
    return path.string();
}

process_pool_options checked(process_pool_options options)
{
    require_hook();
    if (process_depth() >= deepest_worker)
        throw invalid_state_error("process_pool_executor: this is a worker of a worker, "
                                  + std::to_string(deepest_worker)
                                  + " deep, and may have no workers of its own; does a call make a "
                                    "pool and submit itself to it?");
    if (options.start == start_method::fork)
        throw std::invalid_argument("process_pool_executor: start_method::fork is not there yet; "
                                    "choose automatic, forkserver or spawn");
    if (!options.worker_program.empty())
        options.worker_program = runnable(options.worker_program);
    return options;
}

}  // namespace

process_pool_core::process_pool_core(process_pool_options options)
    : options_(checked(std::move(options))),
      max_workers_(chosen_workers(options_)),
      epoch_(process_epoch()),
      own_(options_.io ? nullptr : std::make_unique<process_pool_thread>()),
      io_(own_ ? own_->executor() : options_.io),
      registration_(*this),
      fsm_(rules_of(options_, max_workers_))
{
    if (own_) {
        open_watch();
        return;
    }
    auto& context = boost::asio::query(io_, boost::asio::execution::context);
    io_watch_ = &boost::asio::use_service<io_context_watch>(context);
    io_watch_->add(*this);
}

process_pool_core::~process_pool_core() = default;

boost::intrusive_ptr<process_pool_core> process_pool_core::of(pool_ticket ticket) noexcept
{
    pool_visit const visit(ticket);
    return visit ? static_cast<process_pool_core*>(visit.operator->()) : nullptr;
}

bool process_pool_core::is_forked() const noexcept
{
    return process_epoch() != epoch_;
}

void process_pool_core::check_process() const
{
    if (is_forked())
        throw_of_another_process();
}

void process_pool_core::check_open() const
{
    if (is_broken_)
        std::rethrow_exception(make_broken(const_cast<std::exception_ptr*>(&cause_)));
    if (is_shut_)
        throw shut_down_error();
}

std::exception_ptr process_pool_core::make_broken(void* cause) noexcept
{
    auto const& reason = *static_cast<std::exception_ptr*>(cause);
    try {
        if (!reason)
            return std::make_exception_ptr(broken_process_pool());
        std::rethrow_exception(reason);
    } catch (...) {
        try {
            std::throw_with_nested(broken_process_pool());
        } catch (...) {
            return std::current_exception();
        }
    }
}

admission process_pool_core::admit(room_waiter* waiter)
{
    check_process();
    lock_type lock(mutex_);
    check_open();
    return places_.admit(waiter);
}

// Hands the place to the longest waiter.
void process_pool_core::free_one_place() noexcept
{
    if (auto* const next = places_.give_back())
        rest_.admitted.push_back(*next);
}

void process_pool_core::free_place(process_task& task) noexcept
{
    if (std::exchange(task.holds_place, false))
        free_one_place();
}

void process_pool_core::give_back_place() noexcept
{
    lock_type lock(mutex_);
    free_one_place();
    settle(lock);
}

bool process_pool_core::leave_line(room_waiter& waiter) noexcept
{
    lock_type lock(mutex_);
    return leave(places_.line(), waiter);
}

void process_pool_core::push_call(process_task& task, entrance by)
{
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    ++submitted_;
    // A call from the line was admitted before a shutdown that lets calls run.
    if (by == entrance::submitted || is_broken_ || fsm_.phase() != pool_phase::draining)
        check_open();
    if (task.error) {
        free_place(task);
        end(task, task_end::failed);
    } else {
        start_thread();
        tasks_.reserve(tasks_.size() + 1);
        auto const timeout = task.timeout != forever ? task.timeout : options_.task_timeout;
        call_facts const facts{timeout, options_.retries};
        task.id = fsm_.call_submitted(facts, now());
        tasks_.emplace(task.id, &task);
    }
    settle(lock);
}

bool process_pool_core::recall(process_task& task) noexcept
{
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    if (task.id != 0) {
        auto const place = fsm_.place_of(task.id);
        bool withdrawn = place.stage == call_stage::queued && !place.retried;
        if (place.stage == call_stage::sent && !place.retried) {
            auto* const w = find(place.worker);
            withdrawn = w && w->page.withdraw(place.slot, task.id);
        }
        if (!withdrawn) {
            task.begin();
            return false;
        }
        if (place.stage == call_stage::sent)
            forget_sent(*find(place.worker), task.id);
        fsm_.call_cancelled(task.id, now());
        release(task.id);
    }
    free_place(task);
    settle(lock);
    return true;
}

void process_pool_core::look(process_task& task) noexcept
{
    lock_type const lock(mutex_);
    if (task.id == 0)
        return;
    auto const place = fsm_.place_of(task.id);
    bool begun = place.retried || place.stage == call_stage::begun;
    if (place.stage == call_stage::sent && !begun) {
        auto* const w = find(place.worker);
        begun = w && w->page.has_begun(place.slot, task.id);
    }
    if (begun)
        task.begin();
}

void process_pool_core::request_stop(process_task& task) noexcept
{
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    if (task.id == 0)
        return;
    fsm_.stop_requested(task.id, now());
    settle(lock);
}

void process_pool_core::call_cancelled() noexcept
{
    outcomes_.cancelled.fetch_add(1, std::memory_order_relaxed);
    lock_type const lock(mutex_);
    wake_waiters();
}

worker_channel* process_pool_core::find(worker_id id) noexcept
{
    auto const found = workers_.find(id);
    return found == workers_.end() ? nullptr : found->second.get();
}

process_task* process_pool_core::release(call_id id) noexcept
{
    auto const found = tasks_.find(id);
    if (found == tasks_.end())
        return nullptr;
    auto* const task = found->second;
    tasks_.erase(found);
    task->id = 0;
    return task;
}

// Nobody can cancel it from now on, or everybody can.
void process_pool_core::end(process_task& task, task_end how) noexcept
{
    task.end = how;
    if (how == task_end::cancelled)
        task.hold();
    else
        task.begin();
    rest_.ended.push_back(task);
}

pool_stats process_pool_core::stats() const
{
    if (is_forked())
        return {};
    lock_type const lock(mutex_);
    return stats_now();
}

pool_stats process_pool_core::stats_now() const noexcept
{
    pool_stats s;
    s.finished = outcomes_.finished.load(std::memory_order_relaxed);
    s.failed = outcomes_.failed.load(std::memory_order_relaxed);
    s.cancelled = outcomes_.cancelled.load(std::memory_order_relaxed);
    s.submitted = submitted_;
    s.workers = fsm_.workers();
    s.idle = fsm_.idle();
    for (auto const& [id, w] : workers_)
        s.running += !w->sent.empty();
    auto const over = s.finished + s.failed + s.cancelled + s.running;
    s.queued = submitted_ > over ? submitted_ - over : 0;
    return s;
}

}  // namespace cofu::detail
