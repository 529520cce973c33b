// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "io_context_watch.hpp"

#include "process_pool_core.hpp"

#include <algorithm>

namespace cofu::detail {

void io_context_watch::add(process_pool_core& pool)
{
    std::lock_guard const lock(mutex_);
    pools_.push_back(&pool);
}

void io_context_watch::remove(process_pool_core& pool) noexcept
{
    std::lock_guard const lock(mutex_);
    std::erase(pools_, &pool);
}

void io_context_watch::shutdown() noexcept
{
    std::unique_lock lock(mutex_);
    while (!pools_.empty()) {
        boost::intrusive_ptr const pool(pools_.back());
        pools_.pop_back();
        lock.unlock();
        pool->io_lost();
        lock.lock();
    }
}

}  // namespace cofu::detail
