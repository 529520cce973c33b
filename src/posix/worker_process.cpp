// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "worker_process.hpp"

#include "exec_image.hpp"
#include "parent_watch.hpp"
#include "this_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

extern "C" [[gnu::weak]] int __lsan_do_recoverable_leak_check();

namespace cofu::detail {

constinit worker_function* worker_body = &run_worker;

namespace {

constinit char* title = nullptr;
constinit unsigned depth = 0;
constinit int exit_code = 0;

constexpr int leak_status = 23;  // as the sanitizers'
constexpr int more_likely_victim = 300;

void place_error_stream(worker_stderr where, unique_fd const& descriptor) noexcept
{
    if (descriptor) {
        dup2(descriptor.get(), STDERR_FILENO);
    } else if (where == worker_stderr::null) {
        unique_fd const null(open("/dev/null", O_WRONLY | O_CLOEXEC));
        dup2(null.get(), STDERR_FILENO);
    }
}

[[noreturn]] void give_up(char const* call) noexcept
{
    std::fprintf(stderr, "cofu: a worker can't start: %s: %s\n", call, std::strerror(errno));
    _exit(2);
}

void* map_page(unique_fd const& page, std::size_t size) noexcept
{
    if (!page)
        return nullptr;
    void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, page.get(), 0);
    if (memory == MAP_FAILED)
        give_up("mmap");
    return memory;
}

void leave() noexcept
{
    flush_streams();
    if (&__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check() != 0)
        exit_code = leak_status;
    _exit(exit_code);
}

}  // namespace

void remember_title(int argc, char** argv) noexcept
{
    if (argc == 2 && std::strlen(argv[1]) == sizeof worker_title - 1)
        title = argv[1];
}

void show_as(char const* text, char const* name) noexcept
{
    if (title)
        std::memcpy(title, text, sizeof worker_title - 1);
    prctl(PR_SET_NAME, name);
}

void become_worker(worker_setup const& setup, worker_descriptors descriptors)
{
    depth = setup.depth;
    show_as(worker_title, "cofu worker");
    place_error_stream(setup.stderr_to, descriptors.error_stream);
    descriptors.error_stream.reset();
    worker_endpoint endpoint{.channel = std::move(descriptors.channel),
                             .parent_pidfd = std::move(descriptors.parent_pidfd),
                             .page = map_page(descriptors.page, setup.page_size),
                             .page_size = setup.page_size};
    descriptors.page.reset();
    if (!watch_parent(endpoint.channel.get(), endpoint.parent_pidfd.get()))
        give_up("clone");
    begin_process_epoch();  // pools of static initialisers are the program's
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    end_worker(worker_body(std::move(endpoint)));
}

unsigned process_depth() noexcept { return depth; }

void end_worker(int code) noexcept
{
    exit_code = code;
    // exit() begins with this thread's thread_local objects and goes on with the newest handler.
    std::atexit(&leave);
    std::exit(code);
}

void flush_streams() noexcept
{
    for (auto* const stream : {&std::cout, &std::cerr, &std::clog})
        stream->flush();
    for (auto* const stream : {&std::wcout, &std::wcerr, &std::wclog})
        stream->flush();
    std::fflush(nullptr);
}

}  // namespace cofu::detail
