// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// P1: a worker process more, from the request to its first byte, beside a plain fork in a process
// as small as the fork server; and how soon its death and its status are known.

#include "support/contender.hpp"

#include <posix/worker_launcher.hpp>
#include <posix/worker_process.hpp>

#include <algorithm>
#include <chrono>
#include <vector>

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace cofu::detail;
using cofu::start_method;

constexpr std::size_t starts = 200;
constexpr std::size_t gib = std::size_t(1) << 30;

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Says hello, and when it dies.
int serve(worker_endpoint endpoint)
{
    char c = 'h';
    bench::expect(write(endpoint.channel.get(), &c, 1) == 1, "no hello");
    if (read(endpoint.channel.get(), &c, 1) == 1) {
        double const time = now();
        bench::expect(write(endpoint.channel.get(), &time, sizeof time) == sizeof time, "no time");
        _exit(7);
    }
    return 0;
}

[[maybe_unused]] bool const installed = (worker_body = &serve, true);

// Memory that a fork of this process would have to copy the tables of.
class ballast {
public:
    explicit ballast(std::size_t size) : size_(size)
    {
        if (size_ == 0)
            return;
        memory_ = static_cast<char*>(
            mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        madvise(memory_, size_, MADV_NOHUGEPAGE);
        for (std::size_t i = 0; i < size_; i += 4096)
            memory_[i] = 1;
    }
    ~ballast()
    {
        if (size_ != 0)
            munmap(memory_, size_);
    }

private:
    std::size_t size_;
    char* memory_ = nullptr;
};

void wait_readable(int fd)
{
    pollfd p{fd, POLLIN, 0};
    poll(&p, 1, -1);
}

launch_report next_report(launch_link& link)
{
    for (;;) {
        if (auto report = link.receive())
            return std::move(*report);
        wait_readable(link.descriptor());
    }
}

struct times {
    double hello, death, status;
};

times one_life(launch_link& link, start_method method, std::uint64_t id)
{
    int ends[2];
    bench::expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "no socket");
    unique_fd const ours(ends[0]);
    unique_fd theirs(ends[1]);
    times t{};
    double const begin = now();
    link.start_worker({.id = id, .method = method, .channel = theirs.get()});
    char c;
    bench::expect(read(ours.get(), &c, 1) == 1, "no worker");
    t.hello = now() - begin;
    theirs.reset();
    auto const started = next_report(link);
    bench::expect(started.what == launch_report::kind::started, started.text.c_str());
    double died = 0;
    bench::expect(write(ours.get(), "d", 1) == 1 && read(ours.get(), &died, sizeof died) == 8,
                  "no time of death");
    wait_readable(started.pidfd.get());
    t.death = now() - died;
    bench::expect(next_report(link).status == 7, "the status is wrong");
    t.status = now() - died;
    return t;
}

void add_quantiles(bench::outcome& result, char const* name, std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    result.more[std::string(name) + "_us"] = values[values.size() / 2] * 1e6;
    result.more[std::string(name) + "_p10_us"] = values[values.size() / 10] * 1e6;
}

bench::outcome lives(start_method method, std::size_t memory)
{
    ballast const parent(memory);
    launch_link link;
    one_life(link, method, 1);
    std::vector<double> hello, death, status;
    bench::meter const meter;
    for (std::size_t i = 0; i < bench::scaled(starts); ++i) {
        auto const t = one_life(link, method, i + 2);
        hello.push_back(t.hello);
        death.push_back(t.death);
        status.push_back(t.status);
    }
    auto result = meter.read(hello.size());
    add_quantiles(result, "hello", hello);
    add_quantiles(result, "death", death);
    add_quantiles(result, "status", status);
    return result;
}

bench::outcome plain_forks(std::size_t memory)
{
    ballast const parent(memory);
    int ends[2];
    bench::expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "no socket");
    unique_fd const ours(ends[0]), theirs(ends[1]);
    std::vector<double> hello;
    bench::meter const meter;
    for (std::size_t i = 0; i < bench::scaled(starts) / (memory ? 10 : 1); ++i) {
        double const begin = now();
        pid_t const process = fork();
        if (process == 0) {
            char c = 'h';
            [[maybe_unused]] auto const said = write(theirs.get(), &c, 1);
            _exit(0);
        }
        char c;
        bench::expect(read(ours.get(), &c, 1) == 1, "no child");
        hello.push_back(now() - begin);
        waitpid(process, nullptr, 0);
    }
    auto result = meter.read(hello.size());
    add_quantiles(result, "hello", hello);
    return result;
}

bench::contender const contenders[] = {
    {"P1_0GiB/plain_fork", [] { return plain_forks(0); }},
    {"P1_0GiB/cofu_forkserver", [] { return lives(start_method::forkserver, 0); }},
    {"P1_0GiB/cofu_spawn", [] { return lives(start_method::spawn, 0); }},
    {"P1_1GiB/plain_fork", [] { return plain_forks(gib); }},
    {"P1_1GiB/cofu_forkserver", [] { return lives(start_method::forkserver, gib); }},
};

}  // namespace
