// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "stack_dump.hpp"

#include "poll.hpp"
#include "process_snapshot.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <execinfo.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace cofu::test {
namespace {

constexpr int account_signal = SIGURG;
constexpr auto gdb_limit = std::chrono::seconds(60);
constexpr auto account_limit = std::chrono::seconds(2);
std::atomic<int> accounts{0};

/// True when gdb ran and ended well.
bool print_with_gdb(pid_t process)
{
    // Where Yama restricts ptrace, a process may be traced only by whom it names.
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
    auto id = std::to_string(process);
    std::array<char const*, 12> arguments{"gdb", "-nx", "-batch", "-p", id.c_str(),
        "-iex", "set debuginfod enabled off", "-ex", "set pagination off", "-ex",
        "thread apply all bt 60", nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    pid_t gdb = -1;
    int const error = posix_spawnp(
        &gdb, "gdb", &actions, nullptr, const_cast<char**>(arguments.data()), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return false;
    int status = -1;
    auto ended = [&] { return waitpid(gdb, &status, WNOHANG) == gdb; };
    if (!poll_until(ended, gdb_limit))
    {
        kill(gdb, SIGKILL);
        waitpid(gdb, &status, 0);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void account(int)
{
    std::array<void*, 64> frames;
    int const depth = backtrace(frames.data(), int(frames.size()));
    backtrace_symbols_fd(frames.data(), depth, STDERR_FILENO);
    ++accounts;
}

std::string content(std::string const& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

} // namespace

void print_line(std::string line)
{
    line += '\n';
    for (std::size_t done = 0; done < line.size();)
    {
        auto const n = write(STDERR_FILENO, line.data() + done, line.size() - done);
        if (n <= 0)
            return;
        done += static_cast<std::size_t>(n);
    }
}

void print_own_stacks()
{
    // The first backtrace loads libgcc; not in a signal handler, please.
    void* frame = nullptr;
    backtrace(&frame, 1);
    struct sigaction action = {};
    action.sa_handler = &account;
    action.sa_flags = SA_RESTART;
    sigaction(account_signal, &action, nullptr);
    for (auto const& [thread, name] : threads_of_this_process())
    {
        auto const task = "/proc/self/task/" + std::to_string(thread) + "/";
        print_line("thread " + std::to_string(thread) + " (" + name + ") wchan " +
            content(task + "wchan") + " syscall " + content(task + "syscall"));
        int const before = accounts.load();
        if (syscall(SYS_tgkill, getpid(), thread, account_signal) == 0)
            poll_until([&] { return accounts.load() != before; }, account_limit);
    }
}

void print_all_stacks(pid_t process)
{
    if (!print_with_gdb(process) && process == getpid())
        print_own_stacks();
}

} // namespace cofu::test
