// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// From a fresh process to a worker, and from the last call to the process's end.

#include <detail/worker_loop.hpp>
#include <posix/launch_messages.hpp>

namespace cofu::detail {

// How `ps` shows this process, if it was started with a title as its second argument.
inline constexpr char fork_server_title[] = "(cofu helper)", worker_title[] = "(cofu worker)";
void remember_title(int argc, char** argv) noexcept;
void show_as(char const* title, char const* name) noexcept;

// What a worker does; tests put another in its place, in a static initialiser.
using worker_function = int(worker_endpoint);
extern worker_function* worker_body;

// What comes with a worker's start.
struct worker_descriptors {
    unique_fd channel;
    unique_fd parent_pidfd;
    unique_fd page;
    unique_fd error_stream;
};

// Serves the pool; the process ends in it.
[[noreturn]] void become_worker(worker_setup const& setup, worker_descriptors descriptors);

// 0 in the program, 1 in its workers, 2 in the workers of a pool that a worker made, ...
unsigned process_depth() noexcept;

// Destroys this thread's thread_local objects, flushes, looks for leaks under a sanitizer, and
// ends the process: no static destructor runs.
[[noreturn]] void end_worker(int code) noexcept;

// The C streams and the C++ ones.
void flush_streams() noexcept;

}  // namespace cofu::detail
