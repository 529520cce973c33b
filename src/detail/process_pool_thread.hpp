// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The thread that runs a process pool's I/O where the program gives no executor for it.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/thread/thread.hpp>

#include <mutex>
#include <utility>

namespace cofu::detail {

class process_pool_thread {
public:
    process_pool_thread() : context_(1), work_(context_.get_executor()) {}

    auto executor() noexcept { return context_.get_executor(); }
    bool is_current() const noexcept { return thread_.get_id() == boost::this_thread::get_id(); }
    bool is_started() const noexcept { return thread_.joinable(); }

    // `keep` lives as long as the thread runs. Before anybody else knows of the thread.
    template <class Keep>
    void start(Keep keep)
    {
        thread_ = boost::thread([this, keep = std::move(keep)] { context_.run(); });
    }

    // What was posted before still runs; with `wait_for_work`, until nothing is left. Returns when
    // the thread has ended, but on that thread itself. May be called again, by any thread.
    void end(bool wait_for_work)
    {
        std::lock_guard const lock(ending_);
        if (!thread_.joinable())
            return;
        if (!wait_for_work)
            boost::asio::post(context_, [this] { context_.stop(); });
        work_.reset();
        if (is_current())
            thread_.detach();
        else
            thread_.join();
    }

private:
    std::mutex ending_;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::thread thread_;
};

}  // namespace cofu::detail
