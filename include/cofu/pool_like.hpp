// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What all pools satisfy: generic code is written against it.

#include <cofu/future.hpp>
#include <cofu/pool_stats.hpp>
#include <cofu/shutdown_options.hpp>
#include <cofu/task_options.hpp>

#include <concepts>
#include <optional>

namespace cofu {

namespace detail {

inline constexpr auto probe = [](int i) { return i; };

}  // namespace detail

/// A pool: takes calls, gives futures, is an execution context, can be shut down.
template <class P>
concept pool_like =
    std::derived_from<P, boost::asio::execution_context> && requires(P& pool, P const& const_pool) {
        pool.get_executor();
        { pool.submit(detail::probe, 1) } -> std::same_as<future<int>>;
        { pool.submit(task_options(), detail::probe, 1) } -> std::same_as<future<int>>;
        { pool.try_submit(detail::probe, 1) } -> std::same_as<std::optional<future<int>>>;
        { pool.shutdown() } -> std::same_as<shutdown_report>;
        { pool.shutdown(shutdown_options()) } -> std::same_as<shutdown_report>;
        { const_pool.stats() } -> std::same_as<pool_stats>;
    };

}  // namespace cofu
