// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// An executable that is only ever a worker; the hook by hand and by link option do no harm together.

#include <cofu/worker_main.hpp>

int main(int argc, char** argv)
{
    cofu::worker_main(argc, argv);
    return 7;
}
