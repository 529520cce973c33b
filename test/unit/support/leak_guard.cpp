// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/leak_guard.hpp"

#include "support/child_case.hpp"
#include "support/gate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace cofu::test;
using namespace std::chrono_literals;

extern char** environ;

namespace {

bool contains(std::string const& text, char const* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(support_leak_guard)

BOOST_AUTO_TEST_CASE(nothing_is_left_after_threads_and_contexts_end)
{
    leak_guard guard;
    {
        boost::asio::io_context context;
        std::thread([] {}).join();
    }
    BOOST_TEST(guard.left_over() == "");
}

BOOST_AUTO_TEST_CASE(names_a_thread)
{
    leak_guard guard;
    gate end;
    std::thread thread([&] { pthread_setname_np(pthread_self(), "stray"), end.wait(); });
    auto named = [&] { return contains(guard.left_over(0ms), "(stray)"); };
    BOOST_TEST(poll_until(named));
    end.open();
    thread.join();
    BOOST_TEST(guard.left_over() == "");
}

BOOST_AUTO_TEST_CASE(names_a_descriptor)
{
    leak_guard guard;
    int const descriptor = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    auto const text = guard.left_over(0ms);
    close(descriptor);
    BOOST_TEST(contains(text, "(/dev/zero)"), text);
    BOOST_TEST(guard.left_over() == "");
}

BOOST_AUTO_TEST_CASE(names_a_child_and_its_zombie)
{
    leak_guard guard;
    pid_t child = -1;
    char name[] = "sleep", limit[] = "60";
    char* arguments[] = {name, limit, nullptr};
    BOOST_TEST_REQUIRE(posix_spawnp(&child, "sleep", nullptr, nullptr, arguments, environ) == 0);
    auto const text = guard.left_over(0ms);
    kill(child, SIGKILL);
    auto is_zombie = [&] { return contains(guard.left_over(0ms), "state Z"); };
    bool const zombie = poll_until(is_zombie);
    waitpid(child, nullptr, 0);
    BOOST_TEST(contains(text, "child process"), text);
    BOOST_TEST(zombie);
    BOOST_TEST(guard.left_over() == "");
}

BOOST_AUTO_TEST_CASE(names_shared_memory)
{
    leak_guard guard;
    auto const name = "/cofu_test_" + std::to_string(getpid());
    int const descriptor = shm_open(name.c_str(), O_CREAT | O_RDWR, 0600);
    BOOST_TEST_REQUIRE(descriptor >= 0);
    close(descriptor);
    auto const text = guard.left_over(0ms);
    shm_unlink(name.c_str());
    BOOST_TEST(contains(text, ("/dev/shm" + name).c_str()), text);
}

BOOST_AUTO_TEST_CASE(allows_what_belongs_to_the_process)
{
    allow_process_wide([] {
        gate ran;
        boost::asio::post(boost::asio::system_executor(), [&] { ran.open(); });
        ran.wait();
    });
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(fails_a_case_that_leaks)
{
    auto const child = run_case_in_child("support_leak_guard/child_that_leaks");
    BOOST_TEST(child.exit_status == 201, child.output);
    BOOST_TEST(contains(child.output, "left behind"), child.output);
    BOOST_TEST(contains(child.output, "(/dev/zero)"), child.output);
    BOOST_TEST(contains(child.output, "(stray)"), child.output);
    BOOST_TEST(contains(child.output, "to repeat this case: COFU_TEST_SEED="), child.output);
}

BOOST_AUTO_TEST_CASE(child_that_leaks, *boost::unit_test::disabled())
{
    std::thread([] { pthread_setname_np(pthread_self(), "stray"), pause(); }).detach();
    BOOST_TEST(open("/dev/zero", O_RDONLY | O_CLOEXEC) >= 0);
}

BOOST_AUTO_TEST_SUITE_END()
