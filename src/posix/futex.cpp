// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "futex.hpp"

#include <chrono>

#if defined(__linux__)
#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <condition_variable>
#include <functional>
#include <mutex>
#endif

namespace cofu::detail {

#if defined(__linux__)

void futex_wait(futex_word& word, std::uint32_t expected, deadline const& limit) noexcept
{
    timespec left{};
    if (limit) {
        auto const ns = std::chrono::ceil<std::chrono::nanoseconds>(
            *limit - std::chrono::steady_clock::now());
        if (ns.count() <= 0)
            return;
        left.tv_sec = static_cast<std::time_t>(ns.count() / 1'000'000'000);
        left.tv_nsec = static_cast<long>(ns.count() % 1'000'000'000);
    }
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, limit ? &left : nullptr, nullptr, 0);
}

void futex_wake(futex_word const* address, unsigned count) noexcept
{
    syscall(SYS_futex, address, FUTEX_WAKE_PRIVATE, count < INT_MAX ? count : INT_MAX, nullptr,
            nullptr, 0);
}

#else

namespace {

// Never destroyed: static objects may still wait.
struct parking_lot {
    std::mutex mutex;
    std::condition_variable changed;
};

parking_lot& lot_of(void const* address) noexcept
{
    static auto* const lots = new parking_lot[16];
    return lots[std::hash<void const*>()(address) / 64 % 16];
}

}  // namespace

void futex_wait(futex_word& word, std::uint32_t expected, deadline const& limit) noexcept
{
    auto& lot = lot_of(&word);
    std::unique_lock lock(lot.mutex);
    if (word.load(std::memory_order_relaxed) != expected)
        return;
    if (limit)
        lot.changed.wait_until(lock, *limit);
    else
        lot.changed.wait(lock);
}

void futex_wake(futex_word const* address, unsigned) noexcept
{
    auto& lot = lot_of(address);
    std::lock_guard const lock(lot.mutex);
    lot.changed.notify_all();
}

#endif

}  // namespace cofu::detail
