// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "worker_table.hpp"

#include "proc_self.hpp"

#include <csignal>
#include <ctime>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

// A child that has ended and stays one; glibc's waitid has no usage.
long peek_ended(siginfo_t& info, rusage& usage) noexcept
{
    return syscall(SYS_waitid, P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT, &usage);
}

}  // namespace

void worker_table::kill_group(key worker, int signal) const noexcept
{
    for (auto const& [process, k] : workers_)
        if (k.link == worker.link && k.id == worker.id)
            kill(-process, signal);
}

void worker_table::kill_groups_of(std::uint64_t link) const noexcept
{
    for (auto const& [process, k] : workers_)
        if (k.link == link)
            kill(-process, SIGKILL);
}

void worker_table::kill_all_groups() const noexcept
{
    for (auto const& [process, k] : workers_)
        kill(-process, SIGKILL);
}

// The status is told before the process is taken out of the table of processes, which takes the
// kernel longer than all the rest.
void worker_table::reap(std::function<void(key, launch_answer const&)> const& ended)
{
    for (;;) {
        launch_answer answer{};
        siginfo_t info{};
        if (peek_ended(info, answer.usage) != 0 || info.si_pid == 0)
            return;
        if (auto const worker = workers_.extract(info.si_pid)) {
            // Until it is taken out its number is its group's.
            kill(-info.si_pid, SIGKILL);
            answer.kind = report_kind::ended;
            answer.process = info.si_pid;
            answer.id = worker.mapped().id;
            answer.code = info.si_code;
            answer.status = info.si_status;
            ended(worker.mapped(), answer);
        }
        waitpid(info.si_pid, nullptr, 0);
    }
}

void kill_descendants(int limit_ms) noexcept
{
    for (int waited = 0; waited < limit_ms; ++waited) {
        for (pid_t const child : children_of_this_process())
            kill(child, SIGKILL);
        pid_t reaped;
        while ((reaped = waitpid(-1, nullptr, WNOHANG)) > 0) {
        }
        if (reaped < 0)
            return;
        timespec const pause{0, 1'000'000};
        nanosleep(&pause, nullptr);
    }
}

}  // namespace cofu::detail
