// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/timer_queue.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <new>
#include <thread>

#include <pthread.h>

namespace cofu::detail {

class timer_queue {
public:
    void hold()
    {
        std::lock_guard lock(mutex_);
        if (holders_ == 0)
            thread_ = std::thread([this, mine = generation_] { run(mine); });
        ++holders_;
    }

    // The last holder ends the thread; a holder that comes meanwhile starts another one.
    void release() noexcept
    {
        std::unique_lock lock(mutex_);
        if (--holders_ != 0)
            return;
        auto ended = std::move(thread_);
        ++generation_;
        expiring_ = nullptr;
        changed_.notify_all();
        lock.unlock();
        if (ended.get_id() == std::this_thread::get_id())
            ended.detach();
        else
            ended.join();
    }

    void arm(timer_entry& entry, std::chrono::steady_clock::time_point when) noexcept
    {
        std::lock_guard lock(mutex_);
        entry.when_ = when;
        auto const place = entries_.insert(entry);
        if (place == entries_.begin())
            changed_.notify_all();
    }

    void disarm(timer_entry& entry) noexcept
    {
        std::unique_lock lock(mutex_);
        if (entry.is_linked())
            entries_.erase(entries_.iterator_to(entry));
        else if (thread_.get_id() != std::this_thread::get_id())
            changed_.wait(lock, [&] { return expiring_ != &entry; });
    }

private:
    void run(std::uint64_t mine) noexcept
    {
        pthread_setname_np(pthread_self(), "cofu-timer");
        std::unique_lock lock(mutex_);
        while (generation_ == mine) {
            if (entries_.empty()) {
                changed_.wait(lock);
                continue;
            }
            auto& first = *entries_.begin();
            auto const when = first.when_;
            if (when > std::chrono::steady_clock::now()) {
                changed_.wait_until(lock, when);
                continue;
            }
            entries_.erase(entries_.begin());
            expiring_ = &first;
            lock.unlock();
            first.expire();
            lock.lock();
            if (generation_ == mine) {
                expiring_ = nullptr;
                changed_.notify_all();
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;  // a new first entry, an end, or an expiry that is over
    boost::intrusive::multiset<timer_entry> entries_;
    timer_entry* expiring_ = nullptr;
    std::size_t holders_ = 0;
    std::uint64_t generation_ = 0;  // counts the threads that were ended
    std::thread thread_;            // joinable while there are holders
};

namespace {

// Never destroyed, so that timeouts work in static destruction too.
timer_queue& queue()
{
    alignas(timer_queue) static unsigned char storage[sizeof(timer_queue)];
    static auto* const made = new (storage) timer_queue;
    return *made;
}

}  // namespace

void timer_entry::arm(std::chrono::steady_clock::time_point when) noexcept
{
    queue().arm(*this, when);
}

void timer_entry::disarm() noexcept
{
    queue().disarm(*this);
}

timer_hold::timer_hold()
{
    queue().hold();
}

timer_hold::~timer_hold()
{
    queue().release();
}

}  // namespace cofu::detail
