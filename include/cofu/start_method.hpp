// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How worker processes come to be.

namespace cofu {

/// How a worker process comes to be.
enum class start_method {
    automatic,   ///< forkserver; spawn where the program's statics start threads
    fork,        ///< the program forks itself: unsafe in a program with threads
    forkserver,  ///< forked by a clean, single-threaded process of the same program
    spawn        ///< the program's executable anew for each worker
};

/// Where the standard error stream of the workers goes.
enum class worker_stderr {
    inherit,  ///< where the program's goes
    tee,      ///< there too, and its last lines stand in `worker_crashed`
    null      ///< nowhere
};

}  // namespace cofu
