// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How worker processes come to be, what they find, and how their end is told.

#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <cofu/worker_main.hpp>
#include <posix/worker_process.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace cofu::test;

namespace {

worker_command const is_worker("is_worker", [](std::string) {
    return std::to_string(cofu::is_worker_process());
});
bool const was_worker_early = cofu::is_worker_process();
worker_command const was_worker("was_worker",
                                [](std::string) { return std::to_string(was_worker_early); });

worker_command const depth("depth", [](std::string) {
    return std::to_string(cofu::detail::process_depth());
});
// A worker that starts one of its own, and asks it.
worker_command const nested("nested", [](std::string command) {
    scripted_workers own;
    return own.start().ask(command);
});

}  // namespace

BOOST_DATA_TEST_CASE(PPE_09_a_worker_starts_and_serves, server_methods, method)
{
    scripted_workers workers;

    auto& worker = workers.start(method);

    BOOST_TEST(worker.failure == "");
    BOOST_TEST(worker.ask("echo hello") == "hello");
    BOOST_TEST(worker.pid != getpid());
}

BOOST_DATA_TEST_CASE(PPE_09_a_worker_knows_what_it_is, server_methods, method)
{
    scripted_workers workers;

    auto& worker = workers.start(method);

    BOOST_TEST(worker.ask("is_worker") == "1");
    BOOST_TEST(worker.ask("was_worker") == "1");
    BOOST_TEST(!cofu::is_worker_process());
    BOOST_TEST(!was_worker_early);
}

BOOST_DATA_TEST_CASE(PPE_05_an_exit_code_is_reported, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);

    worker.tell("_exit 99");

    BOOST_TEST(worker.is_gone());
    auto const& end = workers.end_of(worker);
    BOOST_TEST(end.pid == worker.pid);
    BOOST_TEST(end.code == CLD_EXITED);
    BOOST_TEST(end.status == 99);
}

BOOST_DATA_TEST_CASE(PPE_05_a_signal_is_reported, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);

    worker.tell("raise " + std::to_string(SIGTERM));

    BOOST_TEST(worker.is_gone());
    auto const& end = workers.end_of(worker);
    BOOST_TEST(end.code == CLD_KILLED);
    BOOST_TEST(end.status == SIGTERM);
}

BOOST_DATA_TEST_CASE(PPE_18_a_worker_ends_by_returning, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);

    worker.tell("return 5");

    BOOST_TEST(workers.end_of(worker).status == 5);
}

BOOST_DATA_TEST_CASE(PPE_15_a_worker_has_workers_of_its_own, server_methods, method)
{
    scripted_workers workers;

    auto& worker = workers.start(method);

    BOOST_TEST(worker.ask("depth") == "1");
    BOOST_TEST(worker.ask("nested depth") == "2");
    BOOST_TEST(worker.ask("nested nested depth") == "3");
    BOOST_TEST(cofu::detail::process_depth() == 0u);
}

BOOST_DATA_TEST_CASE(PPE_01_many_workers_at_once, server_methods, method)
{
    scripted_workers workers;
    std::vector<scripted_worker*> all;

    for (int i = 0; i < 40; ++i)
        all.push_back(&workers.start(method));

    for (auto* const worker : all)
        BOOST_TEST(worker->ask("echo hello") == "hello");
    for (auto* const worker : all)
        worker->tell("_exit 6");
    for (auto* const worker : all)
        BOOST_TEST(workers.end_of(*worker).status == 6);
}

BOOST_DATA_TEST_CASE(PPE_09_links_of_several_threads, server_methods, method)
{
    std::atomic<int> good{0};
    std::vector<std::thread> threads;

    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, method = method] {
            for (int k = 0; k < 5; ++k) {
                scripted_workers workers;
                good += workers.start(method).ask("echo hello") == "hello";
            }
        });
    for (auto& thread : threads)
        thread.join();

    BOOST_TEST(good == 20);
}
