// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How a process pool finds out what happened: channels, pidfds, the launcher's reports, deadlines.

#include "../posix/this_process.hpp"
#include "process_pool_core.hpp"
#include "process_pool_thread.hpp"
#include "worker_loop.hpp"

#include <algorithm>
#include <cofu/detail/process_call.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace cofu::detail {

namespace {

constexpr std::uint64_t link_tag = 0;  // no worker has the number 0

// Before it sleeps, an I/O loop with calls in flight looks this often, and gives way each time. A
// turn that takes longer than it should went to somebody else: then sleeping is better.
constexpr unsigned looks_in_a_row = 16;
constexpr auto longest_turn = std::chrono::microseconds(20);

bool runs_on_this_thread(boost::asio::any_io_executor const& io) noexcept
{
    auto const* const context = io.target<boost::asio::io_context::executor_type>();
    return context && context->running_in_this_thread();
}

exit_status status_of(launch_report const& r) noexcept
{
    switch (r.code) {
    case CLD_EXITED: return {exit_status::kind::exited, r.status};
    case CLD_KILLED:
    case CLD_DUMPED: return {exit_status::kind::signalled, r.status};
    default: return {};
    }
}

}  // namespace

// With a call in flight somebody has to look.
void process_pool_core::start_thread()
{
    if (!own_ || own_->is_started())
        return;
    own_->start(boost::intrusive_ptr(this));
}

// On an executor of the program an operation is outstanding only while something is waited for.
bool process_pool_core::needs_watch() const noexcept
{
    if (is_closed_ || is_over_ || io_is_lost_)
        return false;
    return own_ ? own_->is_started() : fsm_.calls() != 0 || is_shut_;
}

void process_pool_core::watch_while_needed() noexcept
{
    if (needs_watch() == is_watching_)
        return;
    if (!is_watching_)
        look_or_watch(looks_in_a_row);
    else if (!is_looking_)
        watched_->cancel();  // its handler finds out
}

// The answers to short calls come within a few turns of a loop that would else go to sleep and be
// woken for each of them.
void process_pool_core::look_or_watch(unsigned looks)
{
    if (looks == 0 || fsm_.calls() == 0 || !runs_on_this_thread(io_) || !may_yield())
        return watch();
    is_watching_ = is_looking_ = true;
    boost::asio::post(io_, [ticket = ticket(), looks] {
        if (auto const pool = of(ticket))
            pool->look_once(looks);
    });
}

void process_pool_core::look_once(unsigned looks) noexcept
{
    auto const begin = now();
    std::this_thread::yield();
    bool const in_turn = now() - begin < longest_turn;
    auto const events = drive(false);
    lock_type const lock(mutex_);
    is_watching_ = is_looking_ = false;
    if (needs_watch())
        look_or_watch(events != 0 ? looks_in_a_row : in_turn ? looks - 1 : 0);
}

void process_pool_core::open_watch()
{
    watched_.emplace(io_, ::fcntl(poller_.descriptor(), F_DUPFD_CLOEXEC, 0));
}

void process_pool_core::watch()
{
    if (!watched_)
        open_watch();
    is_watching_ = true;
    watched_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [ticket = ticket()](boost::system::error_code ec) {
                             auto const pool = of(ticket);
                             if (!pool)
                                 return;
                             auto const events = ec ? 0 : pool->drive(false);
                             lock_type const lock(pool->mutex_);
                             pool->is_watching_ = false;
                             if (pool->needs_watch())
                                 pool->look_or_watch(events != 0 ? looks_in_a_row : 0);
                         });
}

std::size_t process_pool_core::drive(bool block, deadline const& limit) noexcept
{
    boost::intrusive_ptr const keep(this);
    poller::event room[64];
    auto const events = poller_.wait(room, block, limit);
    lock_type lock(mutex_);
    bool link_spoke = false;
    for (auto const& e : events) {
        link_spoke = link_spoke || e.tag == link_tag;
        tell(e);
    }
    if (link_spoke || (link_ && link_->deadline() && *link_->deadline() <= now()))
        hear_link();
    fsm_.time_passed(now());
    settle(lock, found_by::driver);
    return events.size();
}

// The link's descriptor comes and goes with its fork server.
void process_pool_core::watch_link() noexcept
{
    int const fd = link_ ? link_->descriptor() : -1;
    if (fd == watched_link_)
        return;
    watched_link_ = fd;  // the old one is closed, so the poller has forgotten it
    if (fd >= 0)
        poller_.add(fd, link_tag);
}

void process_pool_core::hear_link() noexcept
{
    while (link_) {
        try {
            auto r = link_->receive();
            // The next fork server's link may already be there, with the number of the old one.
            if (r && r->what == launch_report::kind::helper_lost)
                watched_link_ = -1;
            watch_link();
            if (!r)
                return;
            tell(*r);
        } catch (...) {
            boot_error_ = std::current_exception();
            return;
        }
    }
}

void process_pool_core::tell(poller::event const& e) noexcept
{
    auto* const w = find(e.tag >> 1);
    if (!w)
        return;
    if (e.tag == pidfd_tag(w->id)) {
        bury(*w);
        return;
    }
    if (e.has_room)
        flush_later(*w);
    if (e.is_readable)
        read(*w);
}

void process_pool_core::tell(launch_report& r) noexcept
{
    switch (r.what) {
    case launch_report::kind::started:
        if (auto* const w = find(r.id)) {
            w->has_process(std::move(r.pidfd));
            fsm_.worker_started(r.id, r.pid, now());
            if (!poller_.add(w->pidfd.get(), pidfd_tag(r.id)))
                lose(*w);
        }
        break;
    case launch_report::kind::failed:
        boot_error_ = std::make_exception_ptr(error(errc::worker_lost, r.text));
        fsm_.start_failed(r.id, now());
        break;
    case launch_report::kind::ended:
        if (auto* const w = find(r.id)) {
            w->stderr_tail = std::move(r.stderr_tail);
            w->start_note = std::move(r.text);
        }
        fsm_.status_known(r.id, status_of(r), now());
        break;
    case launch_report::kind::helper_lost: break;  // the statuses of its workers stay unknown
    }
}

void process_pool_core::lose(worker_channel& w) noexcept
{
    w.is_lost = true;
    poller_.remove(w.channel.get());
    fsm_.channel_lost(w.id, now());
}

// Reads until nothing more is there.
void process_pool_core::read(worker_channel& w) noexcept
{
    while (!w.is_lost) {
        auto const room = w.reader.prepare();
        if (room.empty())
            return;
        auto const n = ::recv(w.channel.get(), room.data(), room.size(), MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (n <= 0) {
            lose(w);
            return;
        }
        w.reader.commit(static_cast<std::size_t>(n));
        while (auto const f = w.reader.next())
            take(w, *f);
        if (w.reader.error() != frame_error::none) {
            w.is_lost = true;
            poller_.remove(w.channel.get());
            fsm_.protocol_violated(w.id, now());
            return;
        }
        if (static_cast<std::size_t>(n) < room.size())
            return;
    }
}

void process_pool_core::take(worker_channel& w, frame const& f) noexcept
{
    if (f.header.type != frame_type::ready) {
        answer(w, f);
        return;
    }
    auto const hello = decode_ready(f.payload);
    if (hello && !w.is_ready
        && is_fitting_build(hello->build_id, options_.worker_program.empty())) {
        w.is_ready = true;
        fsm_.worker_ready(w.id, now());
    } else {
        fsm_.protocol_violated(w.id, now());
    }
}

void process_pool_core::answer(worker_channel& w, frame const& f) noexcept
{
    using kinds = std::pair<result_kind, task_end>;
    auto const [kind, how] =
        f.header.type == frame_type::value ? kinds(result_kind::value, task_end::value)
        : f.header.type == frame_type::exception
            ? kinds(result_kind::exception, task_end::exception)
            : kinds(result_kind::transport_failure, task_end::transport_failure);
    switch (fsm_.result_received(w.id, f.header.call, kind, now())) {
    case answer_verdict::initializer_done:
    case answer_verdict::rejected: break;
    case answer_verdict::initializer_failed:
        cause_ = kind == result_kind::exception ? decoded_exception(f.payload)
                                                : transport_exception(f.payload);
        break;
    case answer_verdict::timed_out: end_call(w, f.header.call, task_end::failed, {}); break;
    case answer_verdict::deliver: end_call(w, f.header.call, how, f.payload); break;
    }
}

void process_pool_core::end_call(worker_channel& w, call_id id, task_end how,
                                 std::span<std::byte const> answer) noexcept
{
    auto* const task = release(id);
    if (!task)
        return;
    forget_sent(w, id);
    free_place(*task);
    if (how == task_end::failed) {
        task->error = timed_out(*task);
    } else {
        try {
            task->message.clear();
            task->message.write(answer.data(), answer.size());
        } catch (...) {
            task->error = std::current_exception();
            how = task_end::failed;
        }
    }
    end(*task, how);
}

// The worker is dead: what it wrote before is still there.
void process_pool_core::bury(worker_channel& w) noexcept
{
    poller_.remove(w.pidfd.get());
    read(w);
    fsm_.worker_died(w.id, w.page.snapshot(), now());
}

void process_pool_core::io_lost() noexcept
{
    boost::intrusive_ptr const keep(this);
    lock_type lock(mutex_);
    io_is_lost_ = true;
    is_watching_ = false;
    watched_.reset();
    fsm_.io_lost();
    settle(lock);
    lock.lock();
    call_back(lock);
}

}  // namespace cofu::detail
