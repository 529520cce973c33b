// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The program that every consumer project builds.
#include "library.hpp"

#include <cofu.hpp>
#include <cofu/detail/process_hook.hpp>
#include <cofu/worker_main.hpp>

namespace {

// Before main, by the link option that CMake's target carries.
bool const linked_with_hook = cofu::detail::hook_passed();

bool hook_is_demanded()
{
    try {
        cofu::detail::require_hook();
    } catch (cofu::invalid_state_error const&) {
        return true;
    }
    return false;
}

}  // namespace

#ifdef CONSUMER_CALLS_WORKER_MAIN
constexpr bool by_hand = true;
#else
constexpr bool by_hand = false;
#endif

int main(int argc, char** argv)
{
    if (linked_with_hook == by_hand || hook_is_demanded() != by_hand)
        return 3;
    if (by_hand)
        cofu::worker_main(argc, argv);
    if (hook_is_demanded() || cofu::is_worker_process())
        return 4;
    cofu::thread_pool_executor pool;
    return pool.submit(&add_one, 41).result() == 42 ? 0 : 1;
}
