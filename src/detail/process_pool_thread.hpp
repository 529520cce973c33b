// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The thread that runs a process pool's I/O where the program gives no executor for it.

#include "own_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace cofu::detail {

class process_pool_thread : public own_thread {
public:
    process_pool_thread() : context_(1), work_(context_.get_executor()) {}

    auto executor() noexcept { return context_.get_executor(); }

    // `keep` lives as long as the thread runs.
    template <class Keep>
    void start(Keep keep)
    {
        own_thread::start([this, keep = std::move(keep)] { context_.run(); });
    }

    // What was posted before still runs; with `wait_for_work`, until nothing is left. Under the
    // pool's mutex.
    void stop(bool wait_for_work)
    {
        if (!is_started() || !work_.owns_work())
            return;
        if (!wait_for_work)
            boost::asio::post(context_, [this] { context_.stop(); });
        work_.reset();
    }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
};

}  // namespace cofu::detail
