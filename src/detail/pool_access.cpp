// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/pool_access.hpp>

#include "thread_pool_core.hpp"

#include <cofu/detail/pool_call.hpp>
#include <cofu/error.hpp>

namespace cofu::detail {

admission admit(thread_pool_core& pool, room_waiter* waiter)
{
    return pool.admit(waiter);
}

void give_back_place(thread_pool_core& pool) noexcept
{
    pool.give_back_place();
}

bool leave_line(pool_ticket ticket, room_waiter& waiter) noexcept
{
    pool_visit const pool(ticket);
    return pool && pool->leave_line(waiter);
}

void push_call(thread_pool_core& pool, queue_entry& call, entrance by)
{
    pool.push_call(call, by);
}

bool push_function(thread_pool_core& pool, queue_entry& function)
{
    return pool.push_function(function);
}

pool_ticket ticket_of(thread_pool_core const& pool) noexcept
{
    return pool.ticket();
}

boost::asio::execution_context& context_of(thread_pool_core const& pool) noexcept
{
    return pool.context();
}

bool runs_in_this_thread(thread_pool_core const& pool) noexcept
{
    return pool.on_worker();
}

std::size_t max_workers_of(thread_pool_core const& pool) noexcept
{
    return pool.max_workers();
}

void work_started(thread_pool_core& pool) noexcept
{
    pool.work_started();
}

void work_finished(thread_pool_core& pool) noexcept
{
    pool.work_finished();
}

bool shut_down_async(thread_pool_core& pool, shutdown_options const& options,
                     shutdown_waiter& waiter)
{
    return pool.shut_down_async(options, waiter);
}

bool leave_shutdown(pool_ticket ticket, shutdown_waiter& waiter) noexcept
{
    pool_visit const pool(ticket);
    return pool && pool->abandon(waiter);
}

std::exception_ptr exception_of(boost::system::error_code ec) noexcept
{
    if (ec == errc::shut_down)
        return std::make_exception_ptr(shut_down_error());
    if (ec == errc::broken_thread_pool)
        return std::make_exception_ptr(broken_thread_pool());
    return std::make_exception_ptr(boost::system::system_error(ec));
}

boost::system::error_code current_code() noexcept
{
    try {
        throw;
    } catch (boost::system::system_error const& e) {
        return e.code();
    } catch (...) {
        return make_error_code(boost::system::errc::not_enough_memory);
    }
}

void throw_of_another_process()
{
    throw invalid_state_error("this pool belongs to another process, and its workers do not exist "
                              "here; make pools after fork(), and in a worker process in a call");
}

void throw_queue_full()
{
    throw queue_full_error();
}

boost::asio::any_io_executor executor_of(pool_ticket ticket)
{
    if (pool_visit const pool(ticket); pool)
        return pool->io_executor();
    return boost::asio::system_executor();
}

pool_observer* observer_of(pool_ticket ticket) noexcept
{
    pool_visit const pool(ticket);
    return pool ? pool->observer() : nullptr;
}

void tell_cancelled(pool_ticket ticket) noexcept
{
    if (pool_visit const pool(ticket); pool)
        pool->call_cancelled();
}

void interrupt(pool_ticket ticket, shared_state& call) noexcept
{
    if (pool_visit const pool(ticket); pool)
        pool->interrupt(call);
}

}  // namespace cofu::detail
