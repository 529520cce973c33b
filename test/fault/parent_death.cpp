// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// No worker outlives the program, and no worker's group the worker.

#include "support/child_case.hpp"
#include "support/poll.hpp"
#include "support/process_snapshot.hpp"
#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

worker_command const parent("parent", [](std::string) { return std::to_string(getppid()); });
worker_command const ignore_sigterm("ignore_sigterm", [](std::string) {
    std::signal(SIGTERM, SIG_IGN);
    return std::string("ignored");
});

// A process that lives on, of a group of its own if `leave`; its number.
std::string make_grandchild(bool leave)
{
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) != 0)
        return "no pipe";
    pid_t const process = fork();
    if (process == 0) {
        if (leave)
            setsid();
        [[maybe_unused]] auto const told = write(ready[1], "r", 1);
        for (;;)
            pause();
    }
    char c;
    [[maybe_unused]] auto const heard = read(ready[0], &c, 1);
    close(ready[0]);
    close(ready[1]);
    return std::to_string(process);
}
worker_command const grandchild("grandchild",
                                [](std::string kind) { return make_grandchild(kind == "leave"); });

bool all_gone(std::vector<pid_t> const& processes)
{
    return std::none_of(processes.begin(), processes.end(), is_running);
}

// The numbers after "processes:".
std::vector<pid_t> listed_in(std::string const& output)
{
    std::vector<pid_t> processes;
    auto const at = output.find("processes:");
    if (at == output.npos)
        return processes;
    std::istringstream numbers(output.substr(at + 10));
    for (pid_t process; numbers >> process;)
        processes.push_back(process);
    return processes;
}

void show(std::vector<std::string> const& processes)
{
    std::cout << "processes:";
    for (auto const& process : processes)
        std::cout << ' ' << process;
    std::cout << '\n' << std::flush;
}

// A child of the application's that holds a copy of each of its descriptors.
std::string fork_holder()
{
    pid_t const holder = fork();
    if (holder == 0) {
        close(STDOUT_FILENO);
        close(STDERR_FILENO);
        alarm(60);
        for (;;)
            pause();
    }
    return std::to_string(holder);
}

// Workers in every state that makes ending hard, and what they started; their numbers.
std::vector<std::string> start_stubborn_workers(scripted_workers& workers,
                                                cofu::start_method method)
{
    auto& busy = workers.start(method);
    auto& stopped = workers.start(method);
    auto& ignoring = workers.start(method);
    auto& with_children = workers.start(method);
    std::vector<std::string> processes{with_children.ask("parent"),
                                       with_children.ask("grandchild leave"),
                                       with_children.ask("grandchild stay")};
    for (auto const* worker : {&busy, &stopped, &ignoring, &with_children})
        processes.push_back(std::to_string(worker->pid));
    ignoring.ask("ignore_sigterm");
    ignoring.tell("spin");
    busy.tell("spin");
    kill(stopped.pid, SIGSTOP);
    return processes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(programs, *boost::unit_test::disabled())

BOOST_DATA_TEST_CASE(is_killed, server_methods, method)
{
    scripted_workers workers;
    auto const processes = start_stubborn_workers(workers, method);
    auto const holder = fork_holder();
    std::cout << "holder:" << holder << '\n';
    show(processes);
    kill(getpid(), SIGKILL);
}

BOOST_DATA_TEST_CASE(loses_its_server_and_is_killed, server_methods, method)
{
    scripted_workers workers;
    auto& busy = workers.start(method);
    auto& ignoring = workers.start(method);
    auto const server = busy.ask("parent");
    ignoring.ask("ignore_sigterm");
    ignoring.tell("spin");
    busy.tell("spin");
    auto const holder = fork_holder();
    kill(std::stoi(server), SIGKILL);
    std::cout << "holder:" << holder << '\n';
    show({std::to_string(busy.pid), std::to_string(ignoring.pid)});
    kill(getpid(), SIGKILL);
}

BOOST_DATA_TEST_CASE(becomes_another, server_methods, method)
{
    scripted_workers workers;
    show(start_stubborn_workers(workers, method));
    execl("/bin/true", "true", nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// Runs the program, and looks for what it left 2 s later at the latest.
std::string left_by(std::string const& program, std::size_t processes)
{
    auto const result = run_case_in_child(program);
    auto const begin = std::chrono::steady_clock::now();
    auto const listed = listed_in(result.output);
    auto const gone = poll_until([&] { return all_gone(listed); }, 2000ms * time_factor);
    auto const took = std::chrono::steady_clock::now() - begin;
    auto const ms = std::chrono::duration<double, std::milli>(took).count();
    BOOST_TEST_MESSAGE(program << ": nothing left after " << ms << " ms");
    if (auto const at = result.output.find("holder:"); at != result.output.npos)
        kill(std::stoi(result.output.substr(at + 7)), SIGKILL);
    if (listed.size() != processes)
        return "the program failed:\n" + result.output;
    return gone ? "" : "some are left:\n" + result.output;
}

}  // namespace

BOOST_AUTO_TEST_CASE(R6_nothing_outlives_a_killed_program)
{
    BOOST_TEST(left_by("programs/is_killed/_0", 7) == "");
    BOOST_TEST(left_by("programs/is_killed/_1", 7) == "");
}

BOOST_AUTO_TEST_CASE(R6_nor_if_the_process_that_starts_workers_died_before)
{
    BOOST_TEST(left_by("programs/loses_its_server_and_is_killed/_0", 2) == "");
    BOOST_TEST(left_by("programs/loses_its_server_and_is_killed/_1", 2) == "");
}

BOOST_AUTO_TEST_CASE(R6_nor_a_program_that_becomes_another_by_exec)
{
    BOOST_TEST(left_by("programs/becomes_another/_0", 7) == "");
    BOOST_TEST(left_by("programs/becomes_another/_1", 7) == "");
}

BOOST_DATA_TEST_CASE(R3_nothing_is_left_after_the_last_link, server_methods, method)
{
    scripted_workers workers;
    auto const processes = start_stubborn_workers(workers, method);

    workers.close();

    std::vector<pid_t> numbers;
    for (auto const& process : processes)
        numbers.push_back(std::stoi(process));
    BOOST_TEST(poll_until([&] { return all_gone(numbers); }));
}

BOOST_DATA_TEST_CASE(R3_a_worker_takes_its_group_with_it, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);
    auto const child = std::stoi(worker.ask("grandchild stay"));

    worker.tell("_exit 0");
    workers.end_of(worker);

    BOOST_TEST(poll_until([&] { return !is_running(child); }));
}

BOOST_DATA_TEST_CASE(PPE_07_a_group_is_killed, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);
    auto const child = std::stoi(worker.ask("grandchild stay"));
    worker.ask("ignore_sigterm");
    worker.tell("spin");

    workers.link().kill_group(1, SIGTERM);
    workers.link().kill_group(1, SIGKILL);

    BOOST_TEST(workers.end_of(worker).status == SIGKILL);
    BOOST_TEST(poll_until([&] { return !is_running(child); }));
}

BOOST_DATA_TEST_CASE(R6_a_worker_whose_channel_is_hung_up_ends, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);
    worker.tell("spin");

    worker.channel.reset();

    BOOST_TEST(workers.end_of(worker).code == CLD_EXITED);
}
