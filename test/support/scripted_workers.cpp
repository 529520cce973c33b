// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "scripted_workers.hpp"

#include <posix/worker_process.hpp>

#include <cstring>
#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cofu::test {
namespace {

using commands = std::map<std::string, std::function<std::string(std::string)>>;

commands& known_commands()
{
    static commands known;
    return known;
}

std::optional<std::string> read_line(int channel)
{
    std::string line;
    char c;
    for (;;)
    {
        auto const got = read(channel, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return std::nullopt;
        if (c == '\n')
            return line;
        line += c;
    }
}

void write_line(int channel, std::string line)
{
    line += '\n';
    if (send(channel, line.data(), line.size(), MSG_NOSIGNAL) != ssize_t(line.size()))
        throw std::system_error(errno, std::generic_category(), "send to a worker");
}

int serve(cofu::detail::worker_endpoint endpoint)
{
    auto const channel = endpoint.channel.get();
    while (auto const line = read_line(channel))
    {
        auto const space = line->find(' ');
        auto const name = line->substr(0, space);
        auto const argument = space == line->npos ? std::string() : line->substr(space + 1);
        if (name == "return")
            return std::stoi(argument);
        auto const command = known_commands().find(name);
        write_line(channel,
            command == known_commands().end() ? "unknown: " + name : command->second(argument));
    }
    return 0;
}

// This runs in the workers' image as well.
[[maybe_unused]] bool const installed = (cofu::detail::worker_body = &serve, true);

worker_command const echo("echo", [](std::string text) { return text; });
worker_command const leave("_exit", [](std::string code) -> std::string { _exit(std::stoi(code)); });
worker_command const raise_one(
    "raise", [](std::string signal) { return std::to_string(raise(std::stoi(signal))); });
worker_command const spin("spin", [](std::string) -> std::string {
    for (;;)
        asm volatile("");
});

} // namespace

worker_command::worker_command(std::string name, std::function<std::string(std::string)> f)
{
    known_commands().emplace(std::move(name), std::move(f));
}

void scripted_worker::tell(std::string const& command)
{
    write_line(channel.get(), command);
}

std::string scripted_worker::answer()
{
    return read_line(channel.get()).value_or("");
}

std::string scripted_worker::ask(std::string const& command)
{
    tell(command);
    return answer();
}

bool scripted_worker::is_gone(std::chrono::milliseconds limit) const
{
    pollfd end{pidfd.get(), POLLIN, 0};
    return ::poll(&end, 1, static_cast<int>(limit.count())) == 1;
}

scripted_worker& scripted_workers::start(start_method method)
{
    cofu::detail::worker_start setup;
    setup.method = method;
    return start(setup);
}

scripted_worker& scripted_workers::start(cofu::detail::worker_start setup)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::system_error(errno, std::generic_category(), "socketpair");
    cofu::detail::unique_fd ours(ends[0]), theirs(ends[1]);
    setup.id = workers_.size() + 1;
    setup.channel = theirs.get();
    link_->start_worker(setup);
    auto& worker = workers_[setup.id];
    worker.channel = std::move(ours);
    theirs.reset();
    if (!take_reports([&] { return worker.started || !worker.failure.empty(); }))
        throw std::runtime_error("no report of the worker's start");
    return worker;
}

cofu::detail::launch_report const& scripted_workers::end_of(scripted_worker& worker)
{
    if (!take_reports([&] { return worker.ended.has_value(); }))
        throw std::runtime_error("no report of the worker's end");
    return *worker.ended;
}

bool scripted_workers::take_reports(std::function<bool()> const& enough)
{
    return poll_until([&] {
        while (auto report = link_->receive())
            take(std::move(*report));
        return enough();
    });
}

void scripted_workers::take(cofu::detail::launch_report report)
{
    auto& worker = workers_[report.id];
    switch (report.what)
    {
    case cofu::detail::launch_report::kind::started:
        worker.started = true;
        worker.pid = report.pid;
        worker.pidfd = std::move(report.pidfd);
        break;
    case cofu::detail::launch_report::kind::failed:
        worker.failure = report.text;
        break;
    case cofu::detail::launch_report::kind::ended:
        worker.ended = std::move(report);
        break;
    case cofu::detail::launch_report::kind::helper_lost:
        workers_.erase(report.id);
        ++lost_;
    }
}

} // namespace cofu::test
