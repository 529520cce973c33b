// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// COFU_TEST_CHAOS=1 (or a seed): threads give way, or dawdle, now and then before a step of an
// atomic and around a mutex, so that rare interleavings come often. Mutexes are met by the linker's
// --wrap, in the library and the tests, not in shared libraries.

#include "scale.hpp"

#include <cofu/detail/test_hooks.hpp>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include <pthread.h>
#include <sched.h>

namespace cofu::test {
namespace {

constinit bool is_on = false;
constinit std::uint64_t seed_of_all = 0;
constinit std::atomic<std::uint64_t> threads{0};

void disturb() noexcept
{
    constinit thread_local std::uint64_t state = 0;
    if (state == 0)
        state = seed_of_all + (threads.fetch_add(1, std::memory_order_relaxed) + 1) * 0x1000003;
    rng random(state);
    auto const chance = random();
    state = chance | 1;
    if (chance % 64 == 0)
        sched_yield();
    else if (chance % 64 < 4)
        for (auto spins = chance / 64 % 500; spins != 0; --spins)
            std::atomic_signal_fence(std::memory_order_seq_cst);
}

bool const installed = [] {
    char const* const wanted = std::getenv("COFU_TEST_CHAOS");
    if (!wanted || std::strcmp(wanted, "0") == 0)
        return false;
    seed_of_all = std::strcmp(wanted, "1") == 0 ? seed() : std::strtoull(wanted, nullptr, 0);
#if defined(COFU_TEST_HOOKS)
    cofu::detail::at_boundary = &disturb;
#endif
    return is_on = true;
}();

} // namespace
} // namespace cofu::test

extern "C" {

int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t* mutex);

int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex)
{
    if (cofu::test::is_on)
        cofu::test::disturb();
    return __real_pthread_mutex_lock(mutex);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex)
{
    int const result = __real_pthread_mutex_unlock(mutex);
    if (cofu::test::is_on)
        cofu::test::disturb();
    return result;
}
}
