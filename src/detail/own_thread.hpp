// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A thread of a pool, on which user code may end the pool.

#include <mutex>
#include <thread>
#include <utility>

namespace cofu::detail {

class own_thread {
public:
    own_thread() = default;
    // Where the thread itself holds the last reference to its pool, it goes on alone.
    ~own_thread()
    {
        if (thread_.joinable())
            thread_.detach();
    }
    own_thread(own_thread const&) = delete;
    own_thread& operator=(own_thread const&) = delete;

    bool is_current() const noexcept { return current == this; }
    bool is_started() const noexcept { return is_started_; }

    // Runs f(), once. Under the pool's mutex, as is_started(). Throws std::system_error.
    template <class F>
    void start(F f)
    {
        thread_ = std::thread([this, f = std::move(f)] {
            current = this;
            f();
        });
        is_started_ = true;
    }

    // Returns when it has ended, but on the thread itself. From any thread.
    void join()
    {
        if (is_current())
            return;
        std::lock_guard const lock(joining_);
        if (thread_.joinable())
            thread_.join();
    }

private:
    inline static constinit thread_local own_thread const* current = nullptr;

    std::mutex joining_;
    std::thread thread_;
    bool is_started_ = false;
};

}  // namespace cofu::detail
