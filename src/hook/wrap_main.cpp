// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The hook as a link option (-Wl,--wrap=main): a worker turns off before the program's main.

#include <cofu/detail/process_hook.hpp>
#include <cofu/worker_main.hpp>

extern "C" {

int __real_main(int argc, char** argv, char** environment);
int __wrap_main(int argc, char** argv, char** environment);

int __wrap_main(int argc, char** argv, char** environment)
{
    cofu::worker_main(argc, argv);
    return __real_main(argc, argv, environment);
}

}  // extern "C"

namespace {

// Before the program's own static initialisers, which may make a pool.
[[gnu::constructor(101)]] void tell_of_the_hook() { cofu::detail::pass_hook(); }

}  // namespace
