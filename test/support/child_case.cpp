// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "child_case.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char** environ;

namespace cofu::test {
namespace {

/// The environment of this process with the additions in front, so that they win; without this
/// run's own settings.
std::vector<std::string> environment_with(std::vector<std::string> const& additions)
{
    auto environment = additions;
    for (char** entry = environ; *entry; ++entry)
        if (!std::string_view(*entry).starts_with("BOOST_TEST_"))
            environment.emplace_back(*entry);
    return environment;
}

std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> result;
    for (auto& s : strings)
        result.push_back(s.data());
    result.push_back(nullptr);
    return result;
}

std::string read_all(int descriptor)
{
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(descriptor, buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    return text;
}

pid_t spawn(std::string const& path, std::vector<std::string> arguments,
    std::vector<std::string> environment, int output, int descriptor)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    if (descriptor >= 0)
        posix_spawn_file_actions_adddup2(&actions, descriptor, 3);
    pid_t child = -1;
    int const error = posix_spawn(&child, path.c_str(), &actions, nullptr,
        pointers(arguments).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
    {
        close(output);
        throw std::system_error(error, std::generic_category(), path);
    }
    return child;
}

} // namespace

child_case_result run_case_in_child(
    std::string const& name, std::vector<std::string> const& environment)
{
    // Boost.Test would leave a signal's handler by a jump to another thread's stack.
    return run_program("/proc/self/exe",
        {"--run_test=" + name, "--log_level=all", "--color_output=no", "--catch_system_errors=no"},
        environment);
}

child_case_result run_program(std::string const& path, std::vector<std::string> const& arguments,
    std::vector<std::string> const& environment, int descriptor)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    std::vector<std::string> words{"test"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    pid_t const child = spawn(path, words, environment_with(environment), ends[1], descriptor);
    close(ends[1]);
    child_case_result result;
    result.output = read_all(ends[0]);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status))
        result.exit_status = WEXITSTATUS(status);
    else
        result.signal = WTERMSIG(status);
    return result;
}

} // namespace cofu::test
