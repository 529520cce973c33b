// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The program's executable, run again as a worker: when it is believed to be one, and which file.

#include "support/child_case.hpp"
#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <cofu/detail/process_hook.hpp>
#include <posix/image_marker.hpp>
#include <posix/seqpacket.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

using namespace cofu::test;
namespace fs = std::filesystem;
using cofu::detail::image_marker;

namespace {

bool const hook_was_linked = cofu::detail::hook_passed();

constexpr char own_image[] = "/proc/self/exe";

worker_command const image("image",
                           [](std::string) { return fs::read_symlink(own_image).string(); });

// This program again, which thinks that it is told to be a worker; `starter` and nonce as given.
child_case_result run_as_worker(pid_t starter, cofu::detail::launch_nonce const& nonce, int socket)
{
    auto const entry =
        cofu::detail::environment_entry({.present = true, .starter = starter, .nonce = nonce});
    return run_program(own_image, {"--run_test=none"}, {entry}, socket);
}

// Copies this program's executable to a folder of its own.
struct copied_program {
    copied_program()
    {
        char name[] = "/tmp/cofu_image_XXXXXX";
        folder = mkdtemp(name);
        path = folder / "program";
        fs::copy_file(own_image, path);
    }
    ~copied_program() { fs::remove_all(folder); }

    fs::path folder, path;
};

}  // namespace

BOOST_AUTO_TEST_CASE(PPE_09_the_hook_is_there_before_static_initialisers)
{
    BOOST_TEST(hook_was_linked);
}

BOOST_AUTO_TEST_CASE(PPE_09_a_marker_that_nobody_made_is_refused)
{
    for (auto const* value :
         {"", "rubbish", "3", "1.short", "1.0123456789abcdef0123456789abcdef"}) {
        auto const result = run_program(own_image, {"--run_test=none"},
                                        {"COFU_WORKER_PROCESS=" + std::string(value)});

        BOOST_TEST(result.exit_status == 2, value);
        BOOST_TEST(result.output.find("started by pools only") != result.output.npos,
                   result.output);
    }
}

BOOST_AUTO_TEST_CASE(PPE_09_a_socket_of_somebody_else_is_refused)
{
    auto const ends = cofu::detail::seqpacket_pair();

    auto const result = run_as_worker(1, cofu::detail::make_nonce(), ends.second.get());

    BOOST_TEST(result.exit_status == 2);
    BOOST_TEST(result.output.find("somebody else") != result.output.npos, result.output);
}

BOOST_AUTO_TEST_CASE(PPE_09_another_nonce_is_refused)
{
    auto const ends = cofu::detail::seqpacket_pair();
    cofu::detail::launch_request begin;
    begin.nonce = cofu::detail::make_nonce();
    BOOST_REQUIRE(cofu::detail::send_message(ends.first.get(), begin) == 0);

    auto const result = run_as_worker(getpid(), cofu::detail::make_nonce(), ends.second.get());

    BOOST_TEST(result.exit_status == 2);
}

BOOST_AUTO_TEST_CASE(PPE_09_raised_privileges_are_refused)
{
    // Only root can make a program of another user, and so one with raised privileges.
    if (geteuid() != 0)
        return;
    copied_program program;
    fs::permissions(program.folder, fs::perms(0755));
    BOOST_REQUIRE(chown(program.path.c_str(), 65534, 65534) == 0);
    BOOST_REQUIRE(chmod(program.path.c_str(), 04755) == 0);

    auto const result = run_program(program.path, {"--run_test=none"},
                                    {"COFU_WORKER_PROCESS=1.0123456789abcdef0123456789abcdef"});

    BOOST_TEST(result.exit_status == 2);
    BOOST_TEST(result.output.find("raised privileges") != result.output.npos, result.output);
}

BOOST_DATA_TEST_CASE(PPE_09_workers_of_another_executable, server_methods, method)
{
    copied_program program;
    scripted_workers workers(cofu::detail::launch_link::default_hello_limit, program.path);
    scripted_workers own;

    auto& worker = workers.start(method);

    BOOST_TEST(worker.ask("image") == program.path.string());
    BOOST_TEST(own.start(method).ask("image") == fs::read_symlink(own_image).string());
}

BOOST_AUTO_TEST_CASE(PPE_09_an_executable_that_is_no_worker_is_an_error)
{
    scripted_workers workers(cofu::detail::launch_link::default_hello_limit, "/bin/true");

    auto& worker = workers.start();

    BOOST_TEST(worker.failure.find("worker_main") != worker.failure.npos, worker.failure);
}

BOOST_AUTO_TEST_CASE(PPE_09_an_executable_that_is_not_there_is_an_error)
{
    scripted_workers workers(cofu::detail::launch_link::default_hello_limit, "/no/such/program");

    auto const names_it = [](std::system_error const& e) {
        return std::string(e.what()).find("/no/such/program") != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(workers.start(), std::system_error, names_it);
}

BOOST_AUTO_TEST_SUITE(programs, *boost::unit_test::disabled())

BOOST_DATA_TEST_CASE(is_replaced, server_methods, method)
{
    auto const path = fs::read_symlink(own_image);
    fs::rename(path, path.string() + ".old");
    fs::copy_file("/bin/false", path);
    fs::remove(path.string() + ".old");
    scripted_workers workers;

    auto& worker = workers.start(method);

    BOOST_TEST(worker.failure == "");
    BOOST_TEST(worker.ask("echo hello") == "hello");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(PPE_09_a_program_replaced_on_disk_starts_workers)
{
    for (auto const* name : {"programs/is_replaced/_0", "programs/is_replaced/_1"}) {
        copied_program program;

        auto const result =
            run_program(program.path, {"--run_test=" + std::string(name), "--log_level=all"});

        BOOST_TEST(result.exit_status == 0, result.output);
    }
}
