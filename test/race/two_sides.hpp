// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Two threads that do something to the same thing at the same time, very often.
#pragma once

#include "support/gate.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace cofu::test {

/// How far two threads have come in a batch; each waits a little for the other.
class pace {
public:
    void wait_for(std::size_t step, bool left)
    {
        auto& mine = left ? left_ : right_;
        auto& theirs = left ? right_ : left_;
        mine.store(step, std::memory_order_relaxed);
        for (int turn = 0; turn < 2'000; ++turn)
            if (theirs.load(std::memory_order_relaxed) >= step)
                return;
        std::this_thread::yield();
    }

    void reset()
    {
        left_ = 0;
        right_ = 0;
    }

private:
    alignas(64) std::atomic<std::size_t> left_{0};
    alignas(64) std::atomic<std::size_t> right_{0};
};

/// Makes `total` items; this thread calls `left(item)` for each while another one calls
/// `right(item)`, in the same order; then this one calls `check(item)` for each.
template <class Item, class Left, class Right, class Check>
void race(std::size_t total, Left left, Right right, Check check)
{
    constexpr std::size_t batch = 500;
    constexpr std::chrono::seconds limit(100);
    std::vector<Item> items;
    rendezvous meeting(2);
    pace steps;
    bool over = false;  // written before a meeting, read after it

    std::thread other([&] {
        for (;;) {
            meeting.arrive_and_wait(limit);
            if (over)
                return;
            for (std::size_t i = 0; i < items.size(); ++i) {
                steps.wait_for(i + 1, false);
                right(items[i]);
            }
            meeting.arrive_and_wait(limit);
        }
    });
    for (std::size_t done = 0; done < total; done += batch) {
        items = std::vector<Item>(std::min(batch, total - done));
        steps.reset();
        meeting.arrive_and_wait(limit);
        for (std::size_t i = 0; i < items.size(); ++i) {
            steps.wait_for(i + 1, true);
            left(items[i]);
        }
        meeting.arrive_and_wait(limit);
        std::for_each(items.begin(), items.end(), check);
    }
    over = true;
    meeting.arrive_and_wait(limit);
    other.join();
}

}  // namespace cofu::test
