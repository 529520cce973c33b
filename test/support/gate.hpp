// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Deterministic meetings between threads: a gate, a count of arrivals, a rendezvous. Every wait has
// a limit, and may be made on any thread: a limit that passes is an exception, never an assertion.
#pragma once

#include "poll.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stdexcept>

namespace cofu::test {

/// Thrown by a wait whose limit has passed.
class wait_timed_out : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Closed until opened, then open for good.
class gate
{
public:
    void open();
    bool is_open() const;

    /// Returns once the gate is open. Throws `wait_timed_out`.
    void wait(std::chrono::milliseconds limit = default_limit) const;

    /// The same, false in place of the exception.
    bool try_wait(std::chrono::milliseconds limit = default_limit) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool open_ = false; // under mutex_
};

/// Opens a gate at the end of a scope, so that a failed assertion leaves nobody behind it.
class gate_opener
{
public:
    explicit gate_opener(gate& target) noexcept : target_(target) {}
    ~gate_opener() { target_.open(); }
    gate_opener(gate_opener const&) = delete;
    gate_opener& operator=(gate_opener const&) = delete;

private:
    gate& target_;
};

/// Counts arrivals; others wait for a number of them.
class arrivals
{
public:
    void arrive(std::size_t how_many = 1);
    std::size_t count() const;

    /// Returns once at least `wanted` have arrived. Throws `wait_timed_out`.
    void wait_for_count(std::size_t wanted, std::chrono::milliseconds limit = default_limit) const;

    /// The same, false in place of the exception.
    bool try_wait_for_count(
        std::size_t wanted, std::chrono::milliseconds limit = default_limit) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::size_t count_ = 0; // under mutex_
};

/// Lets `parties` threads go on together, as often as they meet.
class rendezvous
{
public:
    explicit rendezvous(std::size_t parties) noexcept : parties_(parties) {}

    /// Returns once all parties have come. Throws `wait_timed_out`.
    void arrive_and_wait(std::chrono::milliseconds limit = default_limit);

private:
    std::size_t const parties_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t waiting_ = 0; // under mutex_
    std::size_t round_ = 0;   // under mutex_
};

} // namespace cofu::test
