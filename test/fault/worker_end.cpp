// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How a worker ends in good order.

#include "support/child_case.hpp"
#include "support/sanitizers.hpp"
#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <cofu/worker_main.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include <unistd.h>

using namespace cofu::test;

namespace {

// What a case's program and its workers say goes to one pipe, which the case reads.
void say(char const* text)
{
    [[maybe_unused]] auto const written = write(STDOUT_FILENO, text, std::string(text).size());
}

struct says_when_destroyed {
    explicit says_when_destroyed(char const* t) : text(t) {}
    ~says_when_destroyed() { say(text); }

    char const* text;
};

// Only where workers come from: the program's own statics end in the usual way.
struct static_object {
    ~static_object()
    {
        if (cofu::is_worker_process())
            say("[static]");
    }
} const of_the_program;

worker_command const use_thread_local("use_thread_local", [](std::string) {
    thread_local says_when_destroyed const local("[thread_local]");
    return std::string(local.text);
});
worker_command const print("print", [](std::string) {
    std::fputs("[stdio]", stdout);
    std::cout << "[stream]";
    return std::string();
});
worker_command const leave_by_exit("exit",
                                   [](std::string code) -> std::string { exit(std::stoi(code)); });
worker_command const leak("leak", [](std::string) {
    void* volatile lost = std::malloc(1000);
    lost = nullptr;
    return std::string(lost ? "" : "leaked");
});

// A static initialiser that leaves something in the buffer.
bool const printed_early = [] {
    std::fputs("[early]", stdout);
    return true;
}();

std::size_t count(std::string const& text, std::string const& word)
{
    std::size_t n = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
        ++n;
    return n;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(programs, *boost::unit_test::disabled())

BOOST_DATA_TEST_CASE(sends_a_worker_home, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);
    worker.ask("use_thread_local");
    worker.ask("print");
    worker.tell("return 0");
    BOOST_TEST(workers.end_of(worker).status == 0);
}

BOOST_AUTO_TEST_CASE(makes_three_workers)
{
    scripted_workers workers;
    for (int i = 0; i < 3; ++i) {
        auto& worker = workers.start();
        worker.tell("return 0");
        workers.end_of(worker);
    }
}

BOOST_DATA_TEST_CASE(leaks_in_a_worker, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);
    worker.ask("leak");
    worker.tell("return 0");
    BOOST_TEST(workers.end_of(worker).status == (under_asan ? 23 : 0));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(PPE_18_thread_locals_and_streams_but_no_statics)
{
    for (auto const* name :
         {"programs/sends_a_worker_home/_0", "programs/sends_a_worker_home/_1"}) {
        auto const result = run_case_in_child(name);

        BOOST_TEST(result.exit_status == 0, result.output);
        BOOST_TEST(count(result.output, "[thread_local]") == 1u, result.output);
        BOOST_TEST(count(result.output, "[stdio]") == 1u, result.output);
        BOOST_TEST(count(result.output, "[stream]") == 1u, result.output);
        BOOST_TEST(count(result.output, "[static]") == 0u, result.output);
    }
}

BOOST_AUTO_TEST_CASE(PPE_18_what_lay_in_a_buffer_comes_out_once_an_image)
{
    auto const result = run_case_in_child("programs/makes_three_workers");

    // The program's, and that of the process that the workers are forked from.
    BOOST_TEST(count(result.output, "[early]") == 2u, result.output);
}

BOOST_DATA_TEST_CASE(PPE_18_exit_in_a_call_ends_with_its_code, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);

    worker.tell("exit 12");

    auto const& end = workers.end_of(worker);
    BOOST_TEST(end.code == CLD_EXITED);
    BOOST_TEST(end.status == 12);
}

BOOST_AUTO_TEST_CASE(PPE_18_a_leak_in_a_worker_is_found)
{
    for (auto const* name : {"programs/leaks_in_a_worker/_0", "programs/leaks_in_a_worker/_1"}) {
        auto const result = run_case_in_child(name);

        BOOST_TEST(result.exit_status == 0, result.output);
        if (under_asan)
            BOOST_TEST(count(result.output, "LeakSanitizer") > 0u, result.output);
    }
}
