// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The process that starts workers dies, hangs, or must be another.

#include "support/child_case.hpp"
#include "support/poll.hpp"
#include "support/process_snapshot.hpp"
#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <cofu/error.hpp>
#include <cofu/worker_main.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

worker_command const parent("parent", [](std::string) { return std::to_string(getppid()); });

// The workers' image misbehaves before main as the test wants it.
[[maybe_unused]] bool const misbehaved = [] {
    char const* const how = cofu::is_worker_process() ? std::getenv("COFU_TEST_STATIC") : nullptr;
    if (how == nullptr)
        return false;
    if (how == std::string("hang"))
        pause();
    if (how == std::string("abort"))
        _exit(66);
    if (how == std::string("thread")) {
        std::thread thread([] { pause(); });
        pthread_setname_np(thread.native_handle(), "a static");
        thread.detach();
    }
    return true;
}();

struct static_of_workers {
    explicit static_of_workers(char const* what) { setenv("COFU_TEST_STATIC", what, 1); }
    ~static_of_workers() { unsetenv("COFU_TEST_STATIC"); }
};

}  // namespace

BOOST_DATA_TEST_CASE(PPE_11_workers_go_on_without_their_server, server_methods, method)
{
    scripted_workers workers;
    auto& first = workers.start(method);

    kill(std::stoi(first.ask("parent")), SIGKILL);

    BOOST_TEST(workers.take_reports([&] { return workers.helpers_lost() == 1; }));
    BOOST_TEST(first.ask("echo still here") == "still here");
    BOOST_TEST(workers.link().descriptor() == -1);
}

BOOST_DATA_TEST_CASE(PPE_11_the_next_start_makes_another_server, server_methods, method)
{
    scripted_workers workers;
    auto& first = workers.start(method);
    auto const server = first.ask("parent");
    kill(std::stoi(server), SIGKILL);
    BOOST_REQUIRE(poll_until([&] { return !is_running(std::stoi(server)); }));

    // Asked before the loss was seen.
    auto& second = workers.start(method);

    BOOST_TEST(second.failure == "");
    BOOST_TEST(second.ask("parent") != server);
    BOOST_TEST(first.ask("echo still here") == "still here");
    BOOST_TEST(workers.helpers_lost() == 1u);
    second.tell("_exit 4");
    BOOST_TEST(workers.end_of(second).status == 4);
}

BOOST_DATA_TEST_CASE(PPE_11_every_link_sees_the_loss, server_methods, method)
{
    scripted_workers one, other;
    auto& first = one.start(method);
    auto& second = other.start(method);
    BOOST_TEST(first.ask("parent") == second.ask("parent"));

    kill(std::stoi(first.ask("parent")), SIGKILL);

    BOOST_TEST(one.take_reports([&] { return one.helpers_lost() == 1; }));
    BOOST_TEST(other.take_reports([&] { return other.helpers_lost() == 1; }));
    auto& third = one.start(method);
    auto& fourth = other.start(method);
    BOOST_TEST(third.ask("parent") == fourth.ask("parent"));
}

BOOST_AUTO_TEST_CASE(PPE_11_signals_to_the_whole_program_spare_the_server)
{
    scripted_workers workers;
    auto& worker = workers.start();
    auto const server = std::stoi(worker.ask("parent"));

    for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE})
        kill(server, signal);

    BOOST_TEST(workers.start().ask("parent") == std::to_string(server));
}

BOOST_AUTO_TEST_CASE(PPE_11_a_terminal_interrupts_the_program_only)
{
    scripted_workers workers;
    auto& worker = workers.start();

    BOOST_TEST(getpgid(worker.pid) != getpgrp());
    BOOST_TEST(getpgid(std::stoi(worker.ask("parent"))) != getpgrp());
}

BOOST_AUTO_TEST_CASE(PPE_09_forkserver_refuses_statics_with_threads)
{
    static_of_workers const threads("thread");
    scripted_workers workers;

    auto& worker = workers.start(cofu::start_method::forkserver);

    BOOST_TEST(worker.failure.find("a static") != worker.failure.npos, worker.failure);
    BOOST_TEST(worker.failure.find("spawn") != worker.failure.npos);
}

BOOST_AUTO_TEST_CASE(PPE_09_automatic_is_spawn_then)
{
    static_of_workers const threads("thread");
    scripted_workers workers;

    auto& worker = workers.start(cofu::start_method::automatic);

    BOOST_TEST(worker.failure == "");
    BOOST_TEST(worker.ask("echo hello") == "hello");
}

BOOST_AUTO_TEST_CASE(R2_statics_that_hang_are_an_error)
{
    static_of_workers const hang("hang");
    scripted_workers workers(300ms * time_factor);

    auto& worker = workers.start();

    BOOST_TEST(worker.failure.find("in time") != worker.failure.npos, worker.failure);
}

BOOST_AUTO_TEST_CASE(R2_statics_that_end_the_process_are_an_error)
{
    static_of_workers const end("abort");
    scripted_workers workers;

    auto& worker = workers.start();

    BOOST_TEST(worker.failure.find("ended") != worker.failure.npos, worker.failure);
}

BOOST_AUTO_TEST_CASE(ASY_08_a_link_in_a_forked_child_is_refused_and_harmless)
{
    std::optional<scripted_workers> workers(std::in_place);
    auto& worker = workers->start();
    pid_t const child = fork();
    if (child == 0) {
        alarm(30);
        bool refused = false;
        try {
            workers->link().start_worker({.id = 9});
        } catch (cofu::invalid_state_error const&) {
            refused = true;
        }
        workers.reset();
        _exit(refused ? 7 : 1);
    }

    int status = 0;
    waitpid(child, &status, 0);

    BOOST_TEST(WEXITSTATUS(status) == 7);
    BOOST_TEST(worker.ask("echo hello") == "hello");
    BOOST_TEST(workers->start().failure == "");
}

BOOST_AUTO_TEST_CASE(ASY_08_a_link_made_in_a_forked_child_works)
{
    scripted_workers workers;
    workers.start();
    pid_t const child = fork();
    if (child == 0) {
        alarm(30);
        bool good = false;
        {
            scripted_workers own;
            good = own.start().ask("echo hello") == "hello";
        }
        _exit(good ? 7 : 1);
    }

    int status = 0;
    waitpid(child, &status, 0);

    BOOST_TEST(WEXITSTATUS(status) == 7);
}

BOOST_AUTO_TEST_SUITE(programs, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(gives_up_privileges)
{
    scripted_workers workers;
    auto& first = workers.start();
    auto const server = first.ask("parent");

    BOOST_REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    auto& second = workers.start();

    BOOST_TEST(second.failure == "");
    BOOST_TEST(second.ask("parent") != server);
    BOOST_TEST(first.ask("parent") == server);
    BOOST_TEST(workers.helpers_lost() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(PPE_11_fewer_privileges_mean_another_server)
{
    auto const result = run_case_in_child("programs/gives_up_privileges");

    BOOST_TEST(result.exit_status == 0, result.output);
}
