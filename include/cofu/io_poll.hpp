// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How an io_context waits for calls.

#include <cofu/config.hpp>

#include <boost/asio/io_context.hpp>

namespace cofu {

/// What an `io_context` does while calls are under way that its handlers wait for.
enum class io_poll {
    /// After a delivery, and when the first of its handlers begins to wait, it looks for the next one
    /// for up to 20 us before it falls asleep, as long as that pays. Every other handler that is ready
    /// has its turn first. Where several threads run the `io_context`: as `never`.
    adaptive,
    /// It does not look. After a delivery it gives way to other threads once, as long as that pays, and
    /// falls asleep.
    never,
};

/// `adaptive` is the default. Real-time threads neither look nor give way. While it polls, `run_one`
/// and `poll_one` may run a function that delivers nothing.
///
/// Exceptions: what allocating throws, at the first use of the `io_context`.
/// Thread safety: any thread.
COFU_DECL void set_io_poll(boost::asio::io_context& context, io_poll how);

}  // namespace cofu
