// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "this_process.hpp"

#include <atomic>
#include <new>

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cofu::detail {

std::size_t available_processors() noexcept
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return static_cast<std::size_t>(CPU_COUNT(&set));
    auto const n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? static_cast<std::size_t>(n) : 1;
}

void name_this_thread(std::string const& prefix, std::size_t number) noexcept
{
    constexpr std::size_t room = 15;
    char name[room + 1] = {};
    char digits[24];
    std::size_t count = 0;
    do
        digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    digits[count++] = '_';
    auto const kept = prefix.size() < room - count ? prefix.size() : room - count;
    prefix.copy(name, kept);
    for (std::size_t i = 0; i < count; ++i)
        name[kept + i] = digits[count - 1 - i];
    pthread_setname_np(pthread_self(), name);
}

bool may_yield() noexcept
{
    constexpr unsigned trusted = 256;
    constinit thread_local unsigned asked = 0;
    constinit thread_local bool answer = true;
    if (asked++ % trusted == 0) {
        auto const policy = sched_getscheduler(0);
        answer = policy != SCHED_FIFO && policy != SCHED_RR;
    }
    return answer;
}

namespace {

// On a page that the kernel wipes in a forked child.
using epoch_word = std::atomic<std::uint64_t>;

epoch_word& epoch_page()
{
    static epoch_word* const page = [] {
        auto const size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        void* const p =
            mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            throw std::bad_alloc();
        madvise(p, size, MADV_WIPEONFORK);
        return ::new (p) epoch_word(0);
    }();
    return *page;
}

std::uint64_t next_epoch() noexcept
{
    static constinit std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

std::uint64_t process_epoch()
{
    auto& page = epoch_page();
    auto epoch = page.load(std::memory_order_relaxed);
    if (epoch != 0)
        return epoch;
    // No lock: one could be held by nobody after a fork.
    auto const next = next_epoch();
    return page.compare_exchange_strong(epoch, next, std::memory_order_relaxed) ? next : epoch;
}

void begin_process_epoch()
{
    epoch_page().store(next_epoch(), std::memory_order_relaxed);
}

std::atomic<std::uint64_t> const& process_epoch_word()
{
    return epoch_page();
}

}  // namespace cofu::detail
