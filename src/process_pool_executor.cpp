// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/process_pool_executor.hpp>

#include "detail/process_pool_core.hpp"

#include <exception>
#include <utility>

namespace cofu {

process_pool_executor::process_pool_executor(std::size_t max_workers)
    : process_pool_executor(process_pool_options{.max_workers = max_workers})
{
}

process_pool_executor::process_pool_executor(process_pool_options options)
    : on_unwind_(options.on_unwind), unwinding_(std::uncaught_exceptions())
{
    set_core(new detail::process_pool_core(std::move(options)));
}

process_pool_executor::~process_pool_executor()
{
    if (core_->is_forked()) {
        // The I/O thread and whoever held the locks are not here: the core is left as it is.
        core_.detach();
        return;
    }
    bool const by_exception = std::uncaught_exceptions() > unwinding_;
    core_->shutdown({.cancel_futures = by_exception && on_unwind_ == unwind_policy::cancel});
    boost::asio::execution_context::shutdown();
    core_->close_tickets();
    boost::asio::execution_context::destroy();
}

process_pool_executor::executor_type process_pool_executor::get_executor() noexcept
{
    return core_->io_executor();
}

shutdown_report process_pool_executor::shutdown(shutdown_options options)
{
    return core_->shutdown(options);
}

void process_pool_executor::terminate_workers()
{
    core_->terminate_workers();
}

void process_pool_executor::kill_workers()
{
    core_->kill_workers();
}

pool_stats process_pool_executor::stats() const
{
    return core_->stats();
}

boost::asio::execution_context& remote_executor::query(
    boost::asio::execution::context_t) const noexcept
{
    return *pool_;
}

}  // namespace cofu
