// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/backoff.hpp>

#include <chrono>
#include <thread>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace cofu::detail {

namespace {

void pause() noexcept
{
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#endif
}

}  // namespace

void backoff::linger(unsigned pauses) noexcept
{
    for (; pauses != 0; --pauses)
        pause();
}

void backoff::operator()() noexcept
{
    if (turn_ < 64) {
        pause();
    } else if (turn_ < 80) {
        std::this_thread::yield();
    } else {
        std::this_thread::sleep_for(std::chrono::microseconds(50));
        return;
    }
    ++turn_;
}

}  // namespace cofu::detail
