// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Failure injection: the k-th allocation, or the k-th thread, fails. Numbers count from 1, from the
// moment that the guard is made.
#pragma once

#include "sanitizers.hpp"

#include <cstddef>
#include <new>
#include <utility>

namespace cofu::test {

/// True where malloc itself is watched, and with it everything that allocates. A sanitizer brings
/// its own malloc: there only operator new is watched, Asio's aligned_alloc is not, and a test that
/// needs those is skipped. Source: https://github.com/google/sanitizers/wiki/AddressSanitizer#faq
inline constexpr bool watches_malloc = !under_sanitizer;

/// Never: for guards that only count.
inline constexpr std::size_t never = 0;

/// Whose calls count.
enum class watched
{
    this_thread,  ///< the thread that makes the guard
    whole_process ///< every thread
};

/// Which calls fail.
enum class failing
{
    once,  ///< the k-th
    onward ///< the k-th and all after it
};

/// Makes an allocation fail: null from malloc and its kin, `std::bad_alloc` from operator new. Test
/// assertions allocate: make them after `disarm`, or after the guard. One guard at a time for each
/// thread, and one for the process.
class fail_allocation
{
public:
    explicit fail_allocation(
        std::size_t k, watched who = watched::this_thread, failing mode = failing::once) noexcept;
    ~fail_allocation() { disarm(); }
    fail_allocation(fail_allocation const&) = delete;
    fail_allocation& operator=(fail_allocation const&) = delete;

    /// From now on everything succeeds and nothing is counted. Same thread only.
    void disarm() noexcept;

    /// True once an allocation has failed.
    bool fired() const noexcept;

    /// Allocations since the guard was made, the failed ones included.
    std::size_t seen() const noexcept;

private:
    watched const who_;
    bool armed_ = true;
    bool fired_ = false;   // valid once disarmed
    std::size_t seen_ = 0; // valid once disarmed
};

/// Counts allocations: `count_allocations n; f(); n.disarm(); BOOST_TEST(n.seen() == 0u);`.
class count_allocations : public fail_allocation
{
public:
    explicit count_allocations(watched who = watched::this_thread) noexcept
        : fail_allocation(never, who)
    {
    }
};

/// Makes `pthread_create` fail with EAGAIN, in any thread. One guard at a time.
class fail_thread_creation
{
public:
    explicit fail_thread_creation(std::size_t k, failing mode = failing::once) noexcept;
    ~fail_thread_creation();
    fail_thread_creation(fail_thread_creation const&) = delete;
    fail_thread_creation& operator=(fail_thread_creation const&) = delete;

    bool fired() const noexcept;

    /// Threads asked for since the guard was made, the failed ones included.
    std::size_t seen() const noexcept;
};

namespace detail {

/// Checks on the main thread that a round with failure point `k` left no live state behind.
class failure_round
{
public:
    failure_round(char const* kind, std::size_t k) noexcept;
    void check() const;

private:
    char const* const kind_;
    std::size_t const k_;
    std::size_t const states_;
};

void report_unbounded(char const* kind, std::size_t limit);

} // namespace detail

/// Runs `scenario(guard)` with the first, second, ... allocation failing, until one run met no
/// failure, and checks after each that no live shared state is left. `std::bad_alloc` may leave the
/// scenario. Returns the number of failures met. Main thread only; more than `limit` rounds are a
/// failure of the test.
template <class Scenario>
std::size_t for_every_allocation(
    Scenario&& scenario, watched who = watched::this_thread, std::size_t limit = 10'000)
{
    for (std::size_t k = 1; k <= limit; ++k)
    {
        detail::failure_round round("allocation", k);
        bool fired = false;
        {
            fail_allocation guard(k, who);
            try
            {
                scenario(guard);
            }
            catch (std::bad_alloc const&)
            {
            }
            guard.disarm();
            fired = guard.fired();
        }
        round.check();
        if (!fired)
            return k - 1;
    }
    detail::report_unbounded("allocation", limit);
    return limit;
}

/// The same for thread creation. The scenario handles the exception itself: each library throws its
/// own.
template <class Scenario>
std::size_t for_every_thread_creation(
    Scenario&& scenario, failing mode = failing::once, std::size_t limit = 1'000)
{
    for (std::size_t k = 1; k <= limit; ++k)
    {
        detail::failure_round round("thread creation", k);
        bool fired = false;
        {
            fail_thread_creation guard(k, mode);
            scenario(guard);
            fired = guard.fired();
        }
        round.check();
        if (!fired)
            return k - 1;
    }
    detail::report_unbounded("thread creation", limit);
    return limit;
}

} // namespace cofu::test
