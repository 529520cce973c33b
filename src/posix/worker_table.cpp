// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "worker_table.hpp"

#include "proc_self.hpp"

#include <csignal>
#include <ctime>

#include <sys/wait.h>

namespace cofu::detail {

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

void worker_table::reap(std::function<void(key, launch_answer const&)> const& ended)
{
    for (;;) {
        siginfo_t info{};
        // Not taken out yet: until then its number is its group's.
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
            return;
        auto const worker = workers_.find(info.si_pid);
        if (worker != workers_.end())
            kill(-info.si_pid, SIGKILL);
        launch_answer answer{};
        wait4(info.si_pid, nullptr, 0, &answer.usage);
        if (worker == workers_.end())
            continue;
        answer.kind = report_kind::ended;
        answer.process = info.si_pid;
        answer.id = worker->second.id;
        answer.code = info.si_code;
        answer.status = info.si_status;
        auto const key = worker->second;
        workers_.erase(worker);
        ended(key, answer);
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
