// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "worker_launcher.hpp"

#include "system_calls.hpp"
#include "this_process.hpp"
#include "worker_process.hpp"

#include <cofu/error.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace cofu::detail {

namespace {

constexpr int send_limit_ms = 5000;

std::string text_of(launch_answer const& answer)
{
    std::string text(answer.text, strnlen(answer.text, sizeof answer.text));
    if (answer.error != 0)
        text = text + advice(answer.error, text.c_str()) + ": "
               + std::system_category().message(answer.error);
    return text;
}

launch_request request_of(worker_start const& start)
{
    launch_request request;
    request.kind = request_kind::start;
    request.id = start.id;
    request.setup = {.method = start.method,
                     .stderr_to = start.stderr_to,
                     .has_page = start.page >= 0,
                     .has_stderr = 0,
                     .page_size = start.page_size,
                     .depth = process_depth() + 1};
    return request;
}

std::vector<int> descriptors_of(worker_start const& start)
{
    std::vector<int> fds{start.channel};
    if (start.page >= 0)
        fds.push_back(start.page);
    return fds;
}

// A copy of each, for a start that must wait.
std::vector<unique_fd> copies_of(std::vector<int> const& fds)
{
    std::vector<unique_fd> copies;
    for (int const fd : fds) {
        copies.emplace_back(fcntl(fd, F_DUPFD_CLOEXEC, 0));
        if (!copies.back())
            throw_system_error(errno, "can't start a worker", "fcntl");
    }
    return copies;
}

std::vector<int> numbers_of(std::vector<unique_fd> const& fds)
{
    std::vector<int> numbers;
    for (auto const& fd : fds)
        numbers.push_back(fd.get());
    return numbers;
}

}  // namespace

launch_link::launch_link(std::chrono::milliseconds hello_limit, std::string executable)
    : epoch_(process_epoch()), hello_limit_(hello_limit), executable_(std::move(executable))
{}

launch_link::~launch_link()
{
    if (epoch_ != process_epoch() || !socket_)
        return;  // in a forked child all of it is the parent's
    launch_request close;
    close.kind = request_kind::close_link;
    send_message(socket_.get(), close);
}

void launch_link::start_worker(worker_start const& start)
{
    if (epoch_ != process_epoch())
        throw invalid_state_error("this pool belongs to the parent process");
    if (!socket_)
        connect();
    else if (!leaving_ && !server_->has_same_credentials())
        give_up_connection(true);
    auto const fds = descriptors_of(start);
    if (leaving_)
        waiting_.push_back({request_of(start), copies_of(fds)});
    else
        ask(request_of(start), fds);
}

void launch_link::kill_group(std::uint64_t id, int signal) noexcept
{
    if (!socket_ || leaving_)
        return;
    launch_request request;
    request.kind = request_kind::kill_group;
    request.id = id;
    request.signal = signal;
    send_message(socket_.get(), request);
}

std::optional<launch_report> launch_link::receive()
{
    while (reports_.empty()) {
        if (!socket_)
            return std::nullopt;
        launch_answer answer;
        descriptors fds;
        auto const got = receive_message(socket_.get(), answer, fds);
        if (got == received::nothing) {
            if (!hello_until_ || std::chrono::steady_clock::now() < *hello_until_)
                return std::nullopt;
            server_->kill();
            lose_connection("the process that starts workers did not answer in time; the program's "
                            "static initialisers, which run there too, may hang");
        } else if (got == received::closed) {
            lose_connection(executable_.empty() ? "the process that starts workers ended"
                                                : "the process that starts workers ended: does "
                                                      + executable_ + " call cofu::worker_main?");
        } else if (got == received::malformed) {
            lose_connection("the process that starts workers runs another version of the library: "
                            "restart the program");
        } else {
            take(answer, fds, got == received::no_room);
        }
    }
    auto report = std::move(reports_.front());
    reports_.pop_front();
    return report;
}

std::optional<std::chrono::steady_clock::time_point> launch_link::deadline() const noexcept
{
    return hello_until_;
}

void launch_link::connect()
{
    auto server = fork_server_process::get(executable_);
    socket_ = server->open_link();
    server_ = std::move(server);
    hello_until_ = std::chrono::steady_clock::now() + hello_limit_;
}

// The rest follows in receive(), so that descriptor() changes where the caller looks for it.
void launch_link::give_up_connection(bool retire) noexcept
{
    leaving_ = true;
    if (retire) {
        launch_request request;
        request.kind = request_kind::retire;
        send_message(socket_.get(), request);
        server_->retire();
    }
    shutdown(socket_.get(), SHUT_RD);  // readable now: all reports so far, and the end
}

void launch_link::lose_connection(std::string text)
{
    for (auto const id : std::exchange(asked_, {}))
        report_failure(id, text);
    reports_.push_back({.what = launch_report::kind::helper_lost, .text = std::move(text)});
    server_->abandon();
    server_.reset();
    socket_.reset();
    hello_until_.reset();
    notes_.clear();
    tails_.clear();
    leaving_ = false;
    send_waiting();
}

void launch_link::send_waiting()
{
    for (auto& start : std::exchange(waiting_, {})) {
        try {
            if (!socket_)
                connect();
            ask(start.request, numbers_of(start.fds));
        } catch (std::exception const& e) {
            report_failure(start.request.id, e.what());
        }
    }
}

void launch_link::ask(launch_request const& request, std::vector<int> const& fds)
{
    int error;
    while ((error = send_message(socket_.get(), request, fds)) == EAGAIN) {
        pollfd room{socket_.get(), POLLOUT, 0};
        if (poll(&room, 1, send_limit_ms) == 0)
            throw_system_error(ETIMEDOUT, "can't start a worker", "sendmsg");
    }
    if (error == EPIPE || error == ECONNRESET) {
        auto copies = copies_of(fds);
        give_up_connection(false);
        waiting_.push_back({request, std::move(copies)});
    } else if (error != 0) {
        throw_system_error(error, "can't start a worker", "sendmsg");
    } else {
        asked_.push_back(request.id);
    }
}

void launch_link::take(launch_answer const& answer, descriptors& fds, bool no_room)
{
    switch (answer.kind) {
    case report_kind::hello:
        return take_hello(answer);
    case report_kind::started:
        if (no_room) {
            kill_group(answer.id, SIGKILL);
            notes_[answer.id] = std::string("recvmsg") + advice(EMFILE, "") + ": "
                                + std::system_category().message(EMFILE);
        }
        return take_started(answer, std::move(fds[0]));
    case report_kind::failed:
        std::erase(asked_, answer.id);
        return report_failure(answer.id, text_of(answer));
    case report_kind::note:
        notes_[answer.id] = text_of(answer);
        return;
    case report_kind::stderr_tail:
        tails_[answer.id].append(answer.text,
                                 std::min<std::size_t>(answer.status, sizeof answer.text));
        return;
    case report_kind::ended:
        launch_report report{
            .what = launch_report::kind::ended, .id = answer.id, .pid = answer.process};
        report.code = answer.code;
        report.status = answer.status;
        report.usage = answer.usage;
        if (auto note = notes_.extract(answer.id))
            report.text = "can't start a worker: " + note.mapped();
        if (auto tail = tails_.extract(answer.id))
            report.stderr_tail = std::move(tail.mapped());
        reports_.push_back(std::move(report));
    }
}

void launch_link::take_hello(launch_answer const& answer)
{
    hello_until_.reset();
    if (answer.build == server_->build())
        return;
    lose_connection(executable_.empty()
                        ? "the process that starts workers runs another build: a library was "
                          "replaced on disk; restart the program"
                        : executable_ + " has another release of this library than the program");
}

void launch_link::take_started(launch_answer const& answer, unique_fd pidfd)
{
    std::erase(asked_, answer.id);
    reports_.push_back({.what = launch_report::kind::started,
                        .id = answer.id,
                        .pid = answer.process,
                        .pidfd = std::move(pidfd)});
}

void launch_link::report_failure(std::uint64_t id, std::string text)
{
    reports_.push_back({.what = launch_report::kind::failed,
                        .id = id,
                        .text = "can't start a worker: " + std::move(text)});
}

}  // namespace cofu::detail
