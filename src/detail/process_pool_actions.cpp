// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What the state machine of a process pool asks for, done.

#include "../posix/system_calls.hpp"
#include "crash_words.hpp"
#include "process_pool_core.hpp"

#include <cofu/detail/exception_text.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/error.hpp>

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>

namespace cofu::detail {

// Ends with the mutex free. Whoever calls it keeps the core.
void process_pool_core::settle(lock_type& lock, found_by whom) noexcept
{
    while (auto const action = fsm_.next_action())
        std::visit([this](auto const& a) { obey(a); }, *action);
    for (auto* const w : unflushed_) {
        w->is_unflushed = false;
        flush(*w);
    }
    unflushed_.clear();
    set_deadline();
    watch_while_needed();
    if (!rest_.ended.empty())
        conclude(lock, whom);
    if (is_closed_ && link_)
        close_link(lock);
    tell_line(lock);
    tell_closed(lock);
    lock.unlock();
}

void process_pool_core::set_deadline() noexcept
{
    auto at = fsm_.next_deadline();
    if (auto const by_link = link_ ? link_->deadline() : std::nullopt; by_link && (!at || *by_link < *at))
        at = by_link;
    poller_.set_deadline(at);
}

// The last link waits for the end of the fork server.
void process_pool_core::close_link(lock_type& lock) noexcept
{
    ++concluding_;
    auto link = std::move(link_);
    watched_link_ = -1;
    lock.unlock();
    link.reset();
    lock.lock();
    --concluding_;
    wake_waiters();
}

void process_pool_core::wake_waiters() noexcept
{
    changed_.notify_all();
    if (has_driver_ && driver_ != std::this_thread::get_id())
        poller_.wake();
}

std::exception_ptr timed_out(process_task const& task) noexcept
{
    try {
        auto const name = task.name.empty() ? "the call" : "the call '" + task.name + "'";
        return std::make_exception_ptr(
            task_timed_out(name + " took longer than it may, and was ended with its worker"));
    } catch (...) {
        return std::current_exception();
    }
}

// In their order, so one thread tells, and what it tells may free further places. Each leaves the
// line under the lock, as it does by itself when its operation is cancelled meanwhile.
void process_pool_core::tell_line(lock_type& lock) noexcept
{
    if (is_telling_line_)
        return;
    is_telling_line_ = true;
    auto const tell = [&](room_line& line, boost::system::error_code ec) {
        while (!line.empty()) {
            auto& waiter = line.front();
            line.pop_front();
            lock.unlock();
            waiter.granted(ec);
            lock.lock();
        }
    };
    while (!rest_.admitted.empty() || !rest_.turned_away.empty()) {
        tell(rest_.admitted, {});
        tell(rest_.turned_away, rest_.why);
    }
    is_telling_line_ = false;
}

void process_pool_core::obey(start_worker const& a) noexcept
{
    int ends[2] = {-1, -1};
    try {
        if (!link_)
            link_ = std::make_unique<launch_link>(launch_link::default_hello_limit,
                                                  options_.worker_program);
        auto made = std::make_unique<worker_channel>(a.worker, options_.max_message);
        boost::system::error_code error;
        char const* failed = nullptr;
        made->page = claim_page::make(options_.max_message, error, failed);
        if (error)
            throw_system_error(error.value(), "a claim page for a worker", failed);
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            throw_system_error(errno, "a channel to a worker", "socketpair");
        made->channel.reset(ends[0]);
        unique_fd const other(ends[1]);
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
        if (!poller_.add(ends[0], channel_tag(a.worker)))
            throw_system_error(errno, "a channel to a worker", "epoll_ctl");
        link_->start_worker({.id = a.worker,
                             .method = options_.start,
                             .channel = other.get(),
                             .page = made->page.descriptor(),
                             .page_size = claim_page::size(),
                             .stderr_to = options_.stderr_to});
        watch_link();
        made->page.close_descriptor();
        unflushed_.reserve(workers_.size() + 1);
        workers_.emplace(a.worker, std::move(made));
    } catch (...) {
        boot_error_ = std::current_exception();
        fsm_.start_failed(a.worker, now());
    }
}

void process_pool_core::obey(send_initializer const& a) noexcept
{
    if (auto* const w = find(a.worker)) {
        w->page.publish(a.slot, initializer_call);
        send(*w, {frame_type::initializer, 0, static_cast<std::uint8_t>(a.slot), initializer_call},
             options_.initializer.bytes());
    }
}

void process_pool_core::obey(send_call const& a) noexcept
{
    auto* const w = find(a.worker);
    auto const found = tasks_.find(a.call);
    if (!w || found == tasks_.end())
        return;
    auto& task = *found->second;
    w->page.publish(a.slot, a.call);
    w->sent.push_back(a.call);
    advance(*w);
    send(*w,
         {frame_type::call, task.is_stoppable ? frame_flag::stoppable : std::uint8_t(0),
          static_cast<std::uint8_t>(a.slot), a.call},
         task.message.bytes());
}

void process_pool_core::send(worker_channel& w, frame_header header,
                             std::span<std::byte const> payload) noexcept
{
    header.length = payload.size();
    flush_later(w);
    if (!w.send(header, payload))
        fsm_.channel_lost(w.id, now());
}

void process_pool_core::obey(withdraw_call const& a) noexcept
{
    auto* const w = find(a.worker);
    bool const in_time = w && w->page.withdraw(a.slot, a.call);
    if (in_time)
        forget_sent(*w, a.call);
    fsm_.call_withdrawn(a.worker, a.call, in_time, now());
}

void process_pool_core::obey(stop_call const& a) noexcept
{
    if (auto* const w = find(a.worker)) {
        w->page.request_stop(a.call);
        w->terminate();
    }
}

void process_pool_core::obey(read_channel const& a) noexcept
{
    if (auto* const w = find(a.worker))
        read(*w);
    fsm_.channel_read(a.worker, now());
}

void process_pool_core::obey(close_worker const& a) noexcept
{
    if (auto* const w = find(a.worker))
        send(*w, {frame_type::quit}, {});
}

void process_pool_core::obey(terminate_worker const& a) noexcept
{
    if (auto* const w = find(a.worker)) {
        w->page.request_stop(0);
        w->terminate();
    }
}

void process_pool_core::obey(kill_worker const& a) noexcept
{
    auto* const w = find(a.worker);
    if (!w)
        return;
    if (link_)
        link_->kill_group(a.worker, SIGKILL);
    if (w->pidfd)
        pidfd_send_signal(w->pidfd.get(), SIGKILL);
}

void process_pool_core::obey(forget_worker const& a) noexcept
{
    if (auto* const w = find(a.worker)) {
        if (w->is_unflushed)
            std::erase(unflushed_, w);
        poller_.remove(w->channel.get());
        if (w->pidfd)
            poller_.remove(w->pidfd.get());
        workers_.erase(a.worker);
    }
}

void process_pool_core::obey(finish_call const& a) noexcept
{
    auto* const task = release(a.call);
    if (!task)
        return;
    if (auto* const w = find(a.worker))
        forget_sent(*w, a.call);
    free_place(*task);
    if (a.end == call_end::cancelled) {
        end(*task, task_end::cancelled);
    } else {
        task->error = reason(*task, a);
        end(*task, task_end::failed);
    }
}

// Throws bad_alloc.
std::exception_ptr process_pool_core::crash_error(worker_id worker, int pid, exit_status status,
                                                  errc code)
{
    worker_end dead{.pid = pid};
    if (status.how == exit_status::kind::signalled)
        dead.signal = status.value;
    else if (status.how == exit_status::kind::exited)
        dead.exit_code = status.value;
    auto* const w = find(worker);
    auto words = w ? words_of(w->page.read_last_words(), w->stderr_tail) : crash_words();
    dead.last_words = std::move(words.summary);
    return std::make_exception_ptr(worker_crashed(std::move(dead), std::move(words.whole), code));
}

void process_pool_core::obey(note_boot_death const& a) noexcept
{
    try {
        auto const* const w = find(a.worker);
        boot_error_ = w && !w->start_note.empty()
                        ? std::make_exception_ptr(error(errc::worker_lost, w->start_note))
                        : crash_error(a.worker, a.pid, a.status,
                                      a.end == call_end::lost ? errc::worker_lost
                                                              : errc::worker_crashed);
    } catch (...) {
        boot_error_ = std::current_exception();
    }
}

std::exception_ptr process_pool_core::reason(process_task const& task,
                                             finish_call const& a) noexcept
{
    try {
        switch (a.end) {
        case call_end::cancelled:
        case call_end::stopped:
            return std::make_exception_ptr(cancelled_error());
        case call_end::crashed:
        case call_end::terminated:
            return crash_error(a.worker, a.pid, a.status, errc::worker_crashed);
        case call_end::lost: return crash_error(a.worker, a.pid, a.status, errc::worker_lost);
        case call_end::violated:
            return std::make_exception_ptr(
                transport_error("worker " + std::to_string(a.pid)
                                + " broke the protocol in this call and was killed"));
        case call_end::timed_out:
            return timed_out(task);
        case call_end::broken: return make_broken(&cause_);
        }
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

void process_pool_core::obey(pool_broken const& a) noexcept
{
    is_broken_ = true;
    if (a.cause == broken_cause::boot_failures)
        cause_ = boot_error_;
    rest_.turned_away.splice(rest_.turned_away.end(), places_.line());
    rest_.why = errc::broken_process_pool;
}

void process_pool_core::obey(pool_closed const&) noexcept
{
    is_closed_ = true;
    wake_waiters();
}

void process_pool_core::flush(worker_channel& w) noexcept
{
    bool const wants_room = !w.flush();
    if (wants_room != w.waits_for_room)
        poller_.watch_room(w.channel.get(), channel_tag(w.id), wants_room);
    w.waits_for_room = wants_room;
}

// There is room for every worker, so that this can't fail.
void process_pool_core::flush_later(worker_channel& w) noexcept
{
    if (std::exchange(w.is_unflushed, true))
        return;
    unflushed_.push_back(&w);
}

void process_pool_core::forget_sent(worker_channel& w, call_id call) noexcept
{
    auto const found = std::ranges::find(w.sent, call);
    if (found == w.sent.end())
        return;
    w.sent.erase(found);
    advance(w);
}

// What stands first in line at the worker has left the queue.
void process_pool_core::advance(worker_channel& w) noexcept
{
    if (w.sent.empty())
        return;
    if (auto const found = tasks_.find(w.sent.front()); found != tasks_.end())
        free_place(*found->second);
}

}  // namespace cofu::detail
