// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/thread_pool_executor.hpp>

#include "detail/thread_pool_core.hpp"

#include <exception>
#include <new>
#include <utility>

namespace cofu {

namespace {

// Where an execution context keeps its services; Asio gives no way to leave them undestroyed.
using services_member = boost::asio::detail::service_registry* boost::asio::execution_context::*;
services_member member_of_services();

template <services_member Member>
struct exposed {
    friend services_member member_of_services() { return Member; }
};
template struct exposed<&boost::asio::execution_context::service_registry_>;

// In a forked child the threads of the services do not exist, and joining them would never end.
void leave_services(boost::asio::execution_context& context)
{
    if (auto* const keeper = new (std::nothrow) boost::asio::execution_context)
        std::swap(context.*member_of_services(), keeper->*member_of_services());
}

}  // namespace

thread_pool_executor::thread_pool_executor(std::size_t max_workers)
    : thread_pool_executor(thread_pool_options{.max_workers = max_workers})
{
}

thread_pool_executor::thread_pool_executor(thread_pool_options options)
    : on_unwind_(options.on_unwind), unwinding_(std::uncaught_exceptions())
{
    set_core(new detail::thread_pool_core(*this, std::move(options)));
}

thread_pool_executor::~thread_pool_executor()
{
    if (core_->is_forked()) {
        // The threads and whoever held the locks are not here: the core is left as it is.
        core_.detach();
        leave_services(*this);
        return;
    }
    bool const by_exception = std::uncaught_exceptions() > unwinding_;
    core_->shutdown(
        {.cancel_futures = by_exception && on_unwind_ == unwind_policy::cancel});
    boost::asio::execution_context::shutdown();
    core_->close_tickets();
    boost::asio::execution_context::destroy();
}

shutdown_report thread_pool_executor::shutdown(shutdown_options options)
{
    auto const core = core_;  // a callback of a cancelled call may destroy the pool
    return core->shutdown(options);
}

pool_stats thread_pool_executor::stats() const
{
    return core_->stats();
}

}  // namespace cofu
