// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <system_error>

namespace package_server {
child::child(std::vector<std::string> const& command, bool show_errors)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::system_category(), "pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (!show_errors)
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> argv;
    for (auto const& word : command)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    int const error = ::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
    if (error != 0) {
        ::close(output_);
        throw std::system_error(error, std::system_category(), "cannot start " + command[0]);
    }
}

child::~child()
{
    if (pid_ > 0) {
        signal(SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_);
}

std::string child::read_line()
{
    std::string line;
    for (char c; ::read(output_, &c, 1) == 1 && c != '\n';)
        line += c;
    return line;
}

std::string child::read_all()
{
    std::string all;
    char block[4096];
    for (ssize_t n; (n = ::read(output_, block, sizeof block)) > 0;)
        all.append(block, static_cast<std::size_t>(n));
    return all;
}

void child::signal(int number) { ::kill(pid_, number); }

int child::wait(int milliseconds)
{
    // The pipe ends with the process: poll tells of it, with a limit, which waitpid lacks.
    for (char block[4096];;) {
        pollfd ended{output_, POLLIN, 0};
        if (::poll(&ended, 1, milliseconds) != 1)
            return -1;
        if (::read(output_, block, sizeof block) <= 0)
            break;
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string output_of(std::vector<std::string> const& command)
{
    child program(command, false);
    auto output = program.read_all();
    program.wait(1000);
    return output;
}

}  // namespace package_server
