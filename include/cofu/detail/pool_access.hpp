// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the templates of a thread pool need of its compiled core.

#include <cofu/config.hpp>
#include <cofu/detail/pool_ticket.hpp>
#include <cofu/detail/pool_waiters.hpp>
#include <cofu/detail/queue_entry.hpp>

#include <boost/asio/execution_context.hpp>

#include <cstddef>

namespace cofu::detail {

class thread_pool_core;

// Before anything of a call is touched: throws shut_down_error, broken_thread_pool, what starting
// the first thread throws, or invalid_state_error in a forked child. With a waiter, a full queue
// puts it in line.
COFU_DECL admission admit(thread_pool_core& pool, room_waiter* waiter = nullptr);
// The reserved place is not needed after all.
COFU_DECL void give_back_place(thread_pool_core& pool) noexcept;

// Queues an admitted call; throws shut_down_error or broken_thread_pool if the pool closed
// meanwhile: then it was not queued, and the caller withdraws it, which gives the place back.
COFU_DECL void push_call(thread_pool_core& pool, queue_entry& call,
                         entrance by = entrance::submitted);
// Queues a function of the executor; false: the pool is closed and nothing was queued.
COFU_DECL bool push_function(thread_pool_core& pool, queue_entry& function);

COFU_DECL pool_ticket ticket_of(thread_pool_core const& pool) noexcept;
COFU_DECL boost::asio::execution_context& context_of(thread_pool_core const& pool) noexcept;
COFU_DECL bool runs_in_this_thread(thread_pool_core const& pool) noexcept;
COFU_DECL std::size_t max_workers_of(thread_pool_core const& pool) noexcept;
COFU_DECL void work_started(thread_pool_core& pool) noexcept;
COFU_DECL void work_finished(thread_pool_core& pool) noexcept;

// True: it is over already; else the waiter's operation is posted when it is.
COFU_DECL bool shut_down_async(thread_pool_core& pool, shutdown_options const& options,
                               shutdown_waiter& waiter);

}  // namespace cofu::detail
