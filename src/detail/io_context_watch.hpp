// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Tells process pools that run their I/O on a program's execution context that it ends.

#include <boost/asio/execution_context.hpp>

#include <mutex>
#include <vector>

namespace cofu::detail {

class process_pool_core;

// A service of the context; it is told of its end while the other services are still there.
class io_context_watch final : public boost::asio::execution_context::service {
public:
    using key_type = io_context_watch;

    explicit io_context_watch(boost::asio::execution_context& context) : service(context) {}

    void add(process_pool_core& pool);
    // The pool will not be told any more.
    void remove(process_pool_core& pool) noexcept;

private:
    void shutdown() noexcept override;

    std::mutex mutex_;
    std::vector<process_pool_core*> pools_;  // guarded by the mutex
};

}  // namespace cofu::detail
