// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "fork_server.hpp"

#include "exec_image.hpp"
#include "image_marker.hpp"
#include "library_release.hpp"
#include "proc_self.hpp"
#include "seqpacket.hpp"
#include "system_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

constexpr int kill_limit_ms = 1500;
constexpr int last_write_limit_ms = 500;
constexpr int more_likely_victim = 300;

// Nothing but the program's end and SIGKILL ends this process; a child's end is read.
unique_fd block_signals() noexcept
{
    sigset_t all, children;
    sigfillset(&all);
    for (int const fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS})
        sigdelset(&all, fault);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    return unique_fd(signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK));
}

// When memory is short the kernel takes a worker, and not the server that it works for. Workers
// inherit it from here: opening the file of a new process takes half as long as its fork.
void offer_to_the_oom_killer() noexcept
{
    unique_fd const file(open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC));
    char text[16];
    auto const got = file ? read(file.get(), text, sizeof text) : -1;
    int score = 0;
    if (got <= 0 || std::from_chars(text, text + got, score).ec != std::errc())
        return;
    score = std::min(score + more_likely_victim, 1000);
    auto const end = std::to_chars(text, text + sizeof text, score).ptr;
    // Refused only to a process that may not even raise it: no reason to fail.
    [[maybe_unused]] auto const ignored =
        pwrite(file.get(), text, static_cast<std::size_t>(end - text), 0);
}

}  // namespace

fork_server::fork_server(unique_fd control, unique_fd program, build_id const& build)
    : control_(std::move(control)),
      program_(std::move(program)),
      image_(open_own_image()),
      children_(block_signals()),
      build_(build == library_release() ? build : build_id_of_this_library()),
      same_build_(build == build_),
      other_threads_(other_threads_of_this_process())
{
    show_as(fork_server_title, "cofu helper");
    offer_to_the_oom_killer();
    set_non_blocking(control_.get());
    // What a worker leaves behind becomes this process's, and not somebody's.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void fork_server::run()
{
    while (control_ || !workers_.empty()) {
        auto const happened = wait();
        copy_stderr();
        if (happened.child_ended)
            reap_workers();
        if (happened.control)
            read_control();
        for (auto next = links_.begin(); next != links_.end();)
            if (auto const link = next++; std::exchange(link->second.is_ready, false))
                read_link(link);
    }
    kill_descendants(kill_limit_ms);
    write_the_rest();
    _exit(0);
}

// Until something happens. Does not return when the program has ended. No system call for what has
// not happened: each is part of a worker's start.
fork_server::happenings fork_server::wait()
{
    std::vector<pollfd> watched{
        {program_.get(), POLLIN, 0}, {children_.get(), POLLIN, 0}, {control_.get(), POLLIN, 0}};
    for (auto const& [number, link] : links_)
        watched.push_back({link.queue.socket(),
                           static_cast<short>(link.queue.waiting() ? POLLIN | POLLOUT : POLLIN),
                           0});
    for (auto const& [process, tee] : tees_) {
        watched.push_back({tee.descriptor(), POLLIN, 0});
        if (tee.waiting())
            watched.push_back({STDERR_FILENO, POLLOUT, 0});
    }
    if (!unwritten_.empty())
        watched.push_back({STDERR_FILENO, POLLOUT, 0});
    if (poll(watched.data(), watched.size(), -1) <= 0)
        return {};
    if (watched[0].revents != 0)
        end_all();
    auto link = watched.begin() + 3;
    for (auto& [number, l] : links_)
        l.is_ready = (link++)->revents != 0;
    return {watched[1].revents != 0, watched[2].revents != 0};
}

void fork_server::reap_workers()
{
    signalfd_siginfo unused[8];
    while (read(children_.get(), unused, sizeof unused) > 0) {
    }
    workers_.reap([this](worker_table::key worker, launch_answer const& answer) {
        if (auto const link = links_.find(worker.link); link != links_.end()) {
            send_tail(link->second.queue, answer);
            link->second.queue.send(answer);
        }
        if (auto const ended = tees_.extract(answer.process); ended && ended.mapped().waiting())
            unwritten_.push_back(std::move(ended.mapped()));
    });
}

void fork_server::copy_stderr()
{
    for (auto& [process, tee] : tees_)
        tee.copy();
    for (auto& tee : unwritten_)
        tee.copy();
    std::erase_if(unwritten_, [](auto const& tee) { return !tee.waiting(); });
}

// What dead workers said and nobody has taken yet, at the end of this process.
void fork_server::write_the_rest()
{
    using clock = std::chrono::steady_clock;
    auto const limit = clock::now() + std::chrono::milliseconds(last_write_limit_ms);
    for (copy_stderr(); !unwritten_.empty(); copy_stderr()) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(limit - clock::now());
        pollfd room{STDERR_FILENO, POLLOUT, 0};
        if (left.count() <= 0 || poll(&room, 1, static_cast<int>(left.count())) <= 0)
            return;
    }
}

void fork_server::send_tail(link_queue& queue, launch_answer const& ended)
{
    auto const tee = tees_.find(ended.process);
    if (tee == tees_.end())
        return;
    tee->second.copy();
    std::string_view left = tee->second.tail();
    while (!left.empty()) {
        launch_answer part;
        part.kind = report_kind::stderr_tail;
        part.id = ended.id;
        part.status = static_cast<std::int32_t>(left.copy(part.text, sizeof part.text));
        queue.send(part);
        left.remove_prefix(static_cast<std::size_t>(part.status));
    }
}

void fork_server::read_control()
{
    for (;;) {
        launch_request request;
        descriptors fds;
        auto const got =
            control_ ? receive_message(control_.get(), request, fds) : received::nothing;
        if (got == received::nothing)
            return;
        // Without an end before it: the program has become another one by exec.
        if (got == received::closed || got == received::malformed)
            end_all();
        if (got == received::message && request.kind == request_kind::open_link)
            open_link(std::move(fds[0]));
        else if (request.kind == request_kind::end)
            control_.reset();
    }
}

void fork_server::open_link(unique_fd socket)
{
    auto& link =
        links_.emplace(next_link_++, pool_link{link_queue(std::move(socket))}).first->second;
    launch_answer hello;
    hello.build = build_;
    other_threads_.copy(hello.text, sizeof hello.text - 1);
    link.queue.send(hello);
}

void fork_server::read_link(link_map::iterator link)
{
    link->second.queue.flush();
    for (;;) {
        launch_request request;
        descriptors fds;
        auto const got = receive_message(link->second.queue.socket(), request, fds);
        if (got == received::nothing)
            return;
        if (got == received::closed || got == received::malformed)
            return close_link(link);
        if (got == received::no_room && request.kind == request_kind::start)
            fail(link, request.id, EMFILE, "recvmsg");
        else if (request.kind == request_kind::close_link)
            return close_link(link);
        else if (same_build_)
            obey(link, request, fds);
    }
}

void fork_server::close_link(link_map::iterator link)
{
    if (!link->second.retired)
        workers_.kill_groups_of(link->first);
    links_.erase(link);
}

void fork_server::obey(link_map::iterator link, launch_request const& request, descriptors& fds)
{
    if (request.kind == request_kind::start)
        start(link, request, fds);
    else if (request.kind == request_kind::kill_group)
        workers_.kill_group({link->first, request.id}, request.signal);
    else if (request.kind == request_kind::retire)
        link->second.retired = true;
}

void fork_server::start(link_map::iterator link, launch_request request, descriptors& fds)
{
    auto const method = request.setup.method;
    if (method == start_method::forkserver && !other_threads_.empty())
        return fail(link, request.id, 0,
                    "start_method::forkserver needs a process with one thread, and this program's "
                    "static initialisers started: "
                        + other_threads_ + "; choose start_method::automatic or spawn");
    bool const spawn = method == start_method::spawn || !other_threads_.empty();
    auto error_stream = tee_stderr(request.setup, fds);
    pid_t const process = make_worker(spawn, link, request, fds, error_stream);
    if (process < 0)
        return fail(link, request.id, errno, "fork");
    setpgid(process, process);  // it does so too: both, so that it is done before either goes on
    workers_.add(process, {link->first, request.id});
    if (error_stream)
        tees_.emplace(process, stderr_tee(std::move(error_stream), STDERR_FILENO));
    unique_fd pidfd(pidfd_open(process));
    if (!pidfd) {
        fail(link, request.id, errno, "pidfd_open");
        kill(process, SIGKILL);
        return;
    }
    launch_answer answer;
    answer.kind = report_kind::started;
    answer.id = request.id;
    answer.process = process;
    link->second.queue.send(answer, std::move(pidfd));
}

void fork_server::fail(link_map::iterator link, std::uint64_t id, int error,
                       std::string const& text)
{
    launch_answer answer;
    answer.kind = report_kind::failed;
    answer.id = id;
    answer.error = error;
    text.copy(answer.text, sizeof answer.text - 1);
    link->second.queue.send(answer);
}

void fork_server::end_all()
{
    workers_.kill_all_groups();
    kill_descendants(kill_limit_ms);
    _exit(0);
}

}  // namespace cofu::detail
