// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a worker keeps of a batch that it took from outside.

#include <cofu/detail/prefetch.hpp>
#include <cofu/detail/queue_entry.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace cofu::detail {

// How many entries a worker takes from outside at a time.
inline constexpr std::size_t largest_batch = 6;

// The rest of a batch that a worker took. It puts it there when nothing is left of the last one; all
// take from it without a lock, oldest first. No heavy fence: that costs more than a batch of short
// calls.
template <class Atomics>
class basic_kept_batch {
public:
    // By the owner, which has found it empty: n entries that next() gives. The version, which is
    // odd meanwhile, is stored sequentially consistent: who falls asleep sees the entries, or the
    // owner sees a sleeper.
    template <class Next>
    void put(std::size_t n, Next next) noexcept
    {
        auto const version = version_.load(std::memory_order_relaxed);
        version_.store(version + 1, std::memory_order_relaxed);
        begin_ = 0;
        end_ = static_cast<std::uint32_t>(n);
        // Release, each: who sees an entry sees that the version is another.
        for (std::size_t i = 0; i != n; ++i)
            entries_[i].store(next(), std::memory_order_release);
        version_.store(version + 2, std::memory_order_seq_cst);
    }
    // By the owner.
    bool is_through() const noexcept { return begin_ == end_; }
    queue_entry* pop() noexcept
    {
        while (begin_ != end_) {
            auto& place = entries_[begin_++];
            if (place.load(std::memory_order_relaxed))
                if (auto* const entry = place.exchange(nullptr, std::memory_order_relaxed)) {
                    prefetch_to_read(next());
                    return entry;
                }
        }
        return nullptr;
    }
    // The one after what the owner took last; it may be gone.
    queue_entry* next() const noexcept
    {
        return is_through() ? nullptr : entries_[begin_].load(std::memory_order_relaxed);
    }

    // By anybody. Null: there was nothing at some moment, or it was being put.
    queue_entry* steal() noexcept
    {
        for (;;) {
            // Acquire, all: what this batch's owner has put is seen, and if one entry belongs to a
            // later batch, so is that one's version.
            auto const version = version_.load(std::memory_order_acquire);
            auto const found = std::ranges::find_if(entries_, [](auto const& place) {
                return place.load(std::memory_order_acquire) != nullptr;
            });
            if (version % 2 != 0 || found == entries_.end())
                return nullptr;
            auto* entry = found->load(std::memory_order_acquire);
            if (entry && version_.load(std::memory_order_relaxed) == version
                && found->compare_exchange_strong(entry, nullptr, std::memory_order_acquire,
                                                  std::memory_order_relaxed))
                return entry;
        }
    }
    // The version first, sequentially consistent: what was put before it is seen.
    std::size_t size() const noexcept
    {
        static_cast<void>(version_.load(std::memory_order_seq_cst));
        return static_cast<std::size_t>(std::ranges::count_if(entries_, [](auto const& place) {
            return place.load(std::memory_order_relaxed) != nullptr;
        }));
    }

private:
    std::array<typename Atomics::template atomic<queue_entry*>, largest_batch - 1> entries_{};
    typename Atomics::template atomic<std::uint32_t> version_{0};
    std::uint32_t begin_ = 0;  // the owner's, as the next
    std::uint32_t end_ = 0;
};

}  // namespace cofu::detail
