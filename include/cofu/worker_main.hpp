// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a worker process gets from the program's main to the calls that it is there for.

#include <cofu/config.hpp>

namespace cofu {

/// Whether this process is one that a process pool started: such a process runs the program's
/// static initialisers too, but never its main. Also right in static initialisers.
///
/// Thread safety: may be called from any thread.
COFU_DECL bool is_worker_process() noexcept;

/// The first line of `main` in a program that has process pools and is not linked with the CMake
/// target `cofu::cofu`, which does the same by a link option. Returns at once in the program
/// itself. In a worker it serves the pool, and the process ends in it.
///
/// A process that was told to be a worker by anything but a pool of this program, or that runs with
/// raised privileges (set-user-id and the like), prints a sentence to the standard error stream and
/// exits with status 2.
///
/// Example:
/// ```
/// int main(int argc, char** argv)
/// {
///     cofu::worker_main(argc, argv);
///     ...
/// ```
COFU_DECL void worker_main(int argc, char** argv);

}  // namespace cofu
