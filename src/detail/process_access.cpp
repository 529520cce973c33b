// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/process_access.hpp>

#include "process_pool_core.hpp"

#include <cofu/detail/process_call.hpp>

namespace cofu::detail {

admission admit(process_pool_core& pool, room_waiter* waiter)
{
    return pool.admit(waiter);
}

void give_back_place(process_pool_core& pool) noexcept
{
    pool.give_back_place();
}

void push_call(process_pool_core& pool, process_task& call, entrance by)
{
    pool.push_call(call, by);
}

pool_ticket ticket_of(process_pool_core const& pool) noexcept
{
    return pool.ticket();
}

bool shut_down_async(process_pool_core& pool, shutdown_options const& options,
                     shutdown_waiter& waiter)
{
    return pool.shut_down_async(options, waiter);
}

std::size_t max_message_of(pool_ticket ticket) noexcept
{
    pool_visit const visit(ticket);
    return visit ? static_cast<process_pool_core&>(*visit.operator->()).options().max_message : 0;
}

bool recall(pool_ticket ticket, process_task& task) noexcept
{
    auto const pool = process_pool_core::of(ticket);
    return !pool || pool->recall(task);
}

void look(pool_ticket ticket, process_task& task) noexcept
{
    if (auto const pool = process_pool_core::of(ticket))
        pool->look(task);
}

void request_stop(pool_ticket ticket, process_task& task) noexcept
{
    if (auto const pool = process_pool_core::of(ticket))
        pool->request_stop(task);
}

bool drive_until_done(pool_ticket ticket, shared_state& call, deadline const& limit)
{
    auto const pool = process_pool_core::of(ticket);
    return pool && pool->drive_until_done(call, limit);
}

std::exception_ptr decoded_exception(std::span<std::byte const> answer) noexcept
{
    try {
        byte_reader reader(answer);
        return decode_exception(reader);
    } catch (...) {
        return std::current_exception();
    }
}

std::exception_ptr transport_exception(std::span<std::byte const> text) noexcept
{
    try {
        return std::make_exception_ptr(transport_error(
            std::string(reinterpret_cast<char const*>(text.data()), text.size())));
    } catch (...) {
        return std::current_exception();
    }
}

}  // namespace cofu::detail
