// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The empty slabs of the whole process: where blocks come from, see doc/design/memory.md.

#include <cofu/detail/block_memory.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace cofu::detail {

inline constexpr std::size_t slab_size = 8 * 1024;

struct slab_region;

// Its blocks follow, in order of address. Blocks of any size: only their number counts.
struct alignas(block_alignment) slab {
    std::atomic<std::uint32_t> live;  // see block_memory.cpp
    slab_region* region;              // null: from the C library
    slab* next;                       // of empty ones
};

// 2 MiB from the system, in its first slab; made where many slabs are in use.
struct slab_region {
    static constexpr std::size_t size = 2 * 1024 * 1024;
    static constexpr std::size_t words = size / slab_size / 64;
    static constexpr std::size_t slabs = size / slab_size - 1;  // that hold blocks

    std::array<std::uint64_t, words> empty;  // a bit a slab
    std::array<std::uint64_t, words> cold;   // of these, whose memory was given back
    std::size_t empty_count;
    std::size_t cold_count;
    slab_region* next;  // of those with an empty slab
    slab_region* previous;
};

// Nobody waits for it long: who wants a slab and finds it busy goes to the C library, who brings
// one leaves it at the door. So a child that was forked while it was busy does not hang.
class slab_depot {
public:
    slab* take();  // throws bad_alloc
    void put(slab* s) noexcept;

    // More than an idle process may keep.
    bool keeps_many() const noexcept
    {
        return warm_.load(std::memory_order_relaxed) > kept_when_idle;
    }
    void trim(bool all) noexcept;

    void add_user() noexcept { users_.fetch_add(1, std::memory_order_relaxed); }
    bool drop_user() noexcept { return users_.fetch_sub(1, std::memory_order_relaxed) == 1; }

private:
    static constexpr std::size_t kept_when_idle = 1024 * 1024 / slab_size;
    static constexpr std::size_t kept_in_use = 64 * 1024 * 1024 / slab_size;

    // Acquire and release: a slab's next user sees it as its last one left it.
    bool try_lock() noexcept { return !busy_.exchange(true, std::memory_order_acquire); }
    bool lock_a_while() noexcept;
    void unlock() noexcept { busy_.store(false, std::memory_order_release); }

    // Under busy_.
    bool has_room() const noexcept;
    void sort_in_returned() noexcept;
    void sort_in(slab* s) noexcept;
    slab* pop() noexcept;
    slab* pop_from_region() noexcept;
    template <class Choice>
    slab* pop_from(slab_region& r, Choice choice) noexcept;
    bool add_region() noexcept;
    void link(slab_region& r) noexcept;
    void unlink(slab_region& r) noexcept;
    void release(slab_region& r) noexcept;
    void cool(slab_region& r) noexcept;
    void warm(std::ptrdiff_t by) noexcept;

    std::atomic<std::size_t> users_{0};
    std::atomic<slab*> returned_{nullptr};  // left at the door
    std::atomic<bool> busy_{false};
    std::atomic<std::size_t> warm_{0};     // empty slabs with memory; written under busy_
    std::atomic<std::size_t> loose_{0};    // slabs from the C library, in use or not
    std::size_t cold_ = 0;                 // empty slabs without memory
    slab* first_loose_ = nullptr;          // empty ones
    slab_region* first_region_ = nullptr;  // with an empty slab
};

}  // namespace cofu::detail
