// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What a worker finds at its first instruction, and what the program does not notice of it.

#include "support/poll.hpp"
#include "support/process_snapshot.hpp"
#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cofu::test;

namespace {

// "0:/dev/null 1:... 3:socket:[12]cloexec", without the one that looks.
worker_command const fds("fds", [](std::string) {
    std::string text;
    for (int fd = 0; fd < 1024; ++fd) {
        char target[256];
        auto const length =
            readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), target, sizeof target);
        if (length > 0)
            text += std::to_string(fd) + ":" + std::string(target, std::size_t(length))
                    + (fcntl(fd, F_GETFD) == FD_CLOEXEC ? "+ " : " ");
    }
    return text;
});

worker_command const file_line("line", [](std::string argument) {
    std::istringstream words(argument);
    std::string path, key, line;
    words >> path >> key;
    std::ifstream file(path);
    while (std::getline(file, line))
        if (line.starts_with(key))
            return line;
    return std::string("none");
});

worker_command const pgid("pgid", [](std::string) { return std::to_string(getpgrp()); });
worker_command const has_variable("variable", [](std::string name) {
    return std::string(std::getenv(name.c_str()) ? "set" : "unset");
});
worker_command const arguments("arguments", [](std::string) {
    std::ifstream file("/proc/self/cmdline");
    std::string first, second;
    std::getline(std::getline(file, first, '\0'), second, '\0');
    return second;
});

std::vector<std::string> words_of(std::string const& line)
{
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

struct signal_counter {
    explicit signal_counter(void (*handler)(int))
    {
        count = 0;
        struct sigaction action {};
        action.sa_handler = handler;
        sigaction(SIGCHLD, &action, &before_);
    }
    ~signal_counter() { sigaction(SIGCHLD, &before_, nullptr); }

    static void add(int) { ++count; }

    inline static std::atomic<int> count{0};

private:
    struct sigaction before_;
};

std::set<std::string> names_in(char const* directory)
{
    std::set<std::string> names;
    if (DIR* const d = opendir(directory)) {
        while (dirent const* entry = readdir(d))
            names.insert(entry->d_name);
        closedir(d);
    }
    return names;
}

void run_and_end_a_worker(cofu::start_method method)
{
    scripted_workers workers;
    auto& worker = workers.start(method);
    BOOST_TEST(worker.ask("echo hello") == "hello");
    worker.tell("_exit 3");
    BOOST_TEST(workers.end_of(worker).status == 3);
}

}  // namespace

BOOST_DATA_TEST_CASE(PPE_11_only_the_descriptors_of_the_worker, server_methods, method)
{
    cofu::detail::unique_fd const of_the_program(open("/", O_RDONLY));
    cofu::detail::unique_fd const kept(dup(of_the_program.get()));
    scripted_workers workers;

    auto const found = words_of(workers.start(method).ask("fds"));

    // 0, 1, 2, the channel, the program's pidfd, what watches both.
    BOOST_REQUIRE(found.size() == 6u);
    BOOST_TEST(found[0] == "0:/dev/null");
    BOOST_TEST(found[1].starts_with("1:"));
    BOOST_TEST(found[2].starts_with("2:"));
    for (std::size_t i = 3; i < 6; ++i)
        BOOST_TEST(found[i].ends_with("+"), found[i]);
}

BOOST_DATA_TEST_CASE(PPE_11_a_program_without_standard_streams, server_methods, method)
{
    cofu::detail::unique_fd const saved(fcntl(0, F_DUPFD_CLOEXEC, 100));
    close(0);
    std::vector<std::string> found;
    {
        scripted_workers workers;
        found = words_of(workers.start(method).ask("fds"));
    }
    dup2(saved.get(), 0);

    BOOST_REQUIRE(found.size() == 6u);
    BOOST_TEST(found[0] == "0:/dev/null");
}

BOOST_DATA_TEST_CASE(PPE_11_signals_are_as_after_a_boot, server_methods, method)
{
    signal_counter const ignore(SIG_IGN);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    scripted_workers workers;

    auto& worker = workers.start(method);
    sigset_t after;
    pthread_sigmask(SIG_SETMASK, &before, &after);

    BOOST_TEST(worker.ask("line /proc/self/status SigBlk:") == "SigBlk:\t0000000000000000");
    BOOST_TEST(worker.ask("line /proc/self/status SigIgn:") == "SigIgn:\t0000000000000000");
    BOOST_TEST(sigismember(&after, SIGTERM) == 1);
}

BOOST_DATA_TEST_CASE(PPE_11_a_group_and_a_name_of_its_own, server_methods, method)
{
    scripted_workers workers;

    auto& worker = workers.start(method);

    BOOST_TEST(worker.ask("pgid") == std::to_string(worker.pid));
    BOOST_TEST(worker.ask("line /proc/self/comm cofu") == "cofu worker");
    BOOST_TEST(worker.ask("arguments") == "(cofu worker)");
    BOOST_TEST(worker.ask("variable COFU_WORKER_PROCESS") == "unset");
    BOOST_TEST(worker.ask("variable PATH") == "set");
}

BOOST_DATA_TEST_CASE(PPE_11_a_worker_is_the_likelier_victim_of_short_memory, server_methods, method)
{
    std::ifstream file("/proc/self/oom_score_adj");
    int own = 0;
    file >> own;
    scripted_workers workers;

    auto const score = workers.start(method).ask("line /proc/self/oom_score_adj");

    BOOST_TEST(score == std::to_string(std::min(own + 300, 1000)));
}

BOOST_DATA_TEST_CASE(PPE_11_the_program_sees_no_child_and_no_signal, server_methods, method)
{
    signal_counter const counter(&signal_counter::add);

    run_and_end_a_worker(method);

    BOOST_TEST(waitpid(-1, nullptr, WNOHANG) == -1);
    BOOST_TEST(errno == ECHILD);
    BOOST_TEST(signal_counter::count == 0);
}

BOOST_DATA_TEST_CASE(PPE_11_ignoring_SIGCHLD_changes_nothing, server_methods, method)
{
    signal_counter const ignore(SIG_IGN);

    run_and_end_a_worker(method);
}

BOOST_DATA_TEST_CASE(PPE_11_waiting_for_any_child_changes_nothing, server_methods, method)
{
    std::atomic<bool> stop{false};
    std::atomic<int> stolen{0};
    std::thread thief([&] {
        while (!stop) {
            if (waitpid(-1, nullptr, WNOHANG) > 0)
                ++stolen;
            std::this_thread::yield();
        }
    });

    for (int i = 0; i < 10; ++i)
        run_and_end_a_worker(method);

    stop = true;
    thief.join();
    BOOST_TEST(stolen == 0);
}

BOOST_DATA_TEST_CASE(PPE_11_other_children_are_the_programs_own, server_methods, method)
{
    pid_t const own = fork();
    if (own == 0)
        _exit(42);

    run_and_end_a_worker(method);

    int status = 0;
    BOOST_TEST(wait(&status) == own);
    BOOST_TEST(WEXITSTATUS(status) == 42);
}

// Other programs make names there too, now and then: a start of ours would each time.
BOOST_DATA_TEST_CASE(PPE_11_no_name_appears_anywhere, server_methods, method)
{
    auto const names = [] { return std::pair(names_in("/dev/shm"), names_in("/tmp")); };
    bool none_appeared = false;

    for (int tries = 0; tries < 50 && !none_appeared; ++tries) {
        auto const before = names();
        scripted_workers workers;
        workers.start(method);
        none_appeared = names() == before;
    }

    BOOST_TEST(none_appeared);
}

BOOST_DATA_TEST_CASE(PPE_11_a_shared_page_arrives, server_methods, method)
{
    scripted_workers workers;
    cofu::detail::worker_start setup;
    setup.method = method;
    cofu::detail::unique_fd const page(memfd_create("page", MFD_CLOEXEC));
    BOOST_REQUIRE(ftruncate(page.get(), 4096) == 0);
    setup.page = page.get();
    setup.page_size = 4096;

    auto const found = words_of(workers.start(setup).ask("fds"));

    BOOST_TEST(found.size() == 6u);  // mapped, and its descriptor closed
}
