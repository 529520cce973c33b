// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the templates of a process pool need of its compiled core.

#include <cofu/config.hpp>
#include <cofu/detail/pool_ticket.hpp>
#include <cofu/detail/pool_waiters.hpp>
#include <cofu/detail/process_task.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace cofu::detail {

// Before anything of a call is touched: throws shut_down_error, broken_process_pool, or
// invalid_state_error in a forked child. With a waiter, a full queue puts it in line.
COFU_DECL admission admit(process_pool_core& pool, room_waiter* waiter = nullptr);
// The reserved place is not needed after all.
COFU_DECL void give_back_place(process_pool_core& pool) noexcept;

// Takes an admitted call; throws shut_down_error or broken_process_pool if the pool closed
// meanwhile, and std::bad_alloc: then it was not taken, its place was given back, and the caller
// withdraws it. A call whose encoding failed is taken and fails.
COFU_DECL void push_call(process_pool_core& pool, process_task& call,
                         entrance by = entrance::submitted);

COFU_DECL pool_ticket ticket_of(process_pool_core const& pool) noexcept;

// True: it is over already; else the waiter's operation is posted when it is.
COFU_DECL bool shut_down_async(process_pool_core& pool, shutdown_options const& options,
                               shutdown_waiter& waiter);

}  // namespace cofu::detail
