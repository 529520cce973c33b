// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the pools ask of the system.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace cofu::detail {

// Processors that this process may use; at least 1.
std::size_t available_processors() noexcept;

// Names the calling thread PREFIX_NUMBER; the prefix is cut so that it fits 15 bytes.
void name_this_thread(std::string const& prefix, std::size_t number) noexcept;

// Whether yielding gives way to the threads that this one waits for: under SCHED_FIFO and SCHED_RR
// it would burn the processor instead. Asked of the system now and then.
bool may_yield() noexcept;

// A number that differs between a process and its forked children, however they were forked.
std::uint64_t process_epoch();
// What was made before belongs to another process from now on.
void begin_process_epoch();
// Holds process_epoch() in this process, and something else in a forked child.
std::atomic<std::uint64_t> const& process_epoch_word();

}  // namespace cofu::detail
