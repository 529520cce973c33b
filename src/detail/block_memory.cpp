// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/block_memory.hpp>

#include <cofu/detail/prefetch.hpp>
#include <cofu/release_memory.hpp>

#include "slab_depot.hpp"

#include <boost/config.hpp>

#include <atomic>
#include <cstdint>

#include <pthread.h>

#if defined(__SANITIZE_ADDRESS__)
#define COFU_PLAIN_BLOCKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COFU_PLAIN_BLOCKS 1
#endif
#endif

namespace cofu::detail {

namespace {

// More than any slab has blocks: a slab that still hands out blocks can't look empty.
constexpr std::uint32_t handing_out = 1u << 16;

// What is handed out soon comes from where it was freed, another processor's cache perhaps.
constexpr std::uintptr_t bytes_ahead = 6 * block_alignment;

char* begin_of(slab* s) noexcept
{
    return reinterpret_cast<char*>(s + 1);
}

char* end_of(slab* s) noexcept
{
    return reinterpret_cast<char*>(s) + slab_size;
}

slab* slab_of(void* block) noexcept
{
    return reinterpret_cast<slab*>(reinterpret_cast<std::uintptr_t>(block) & ~(slab_size - 1));
}

constinit slab_depot empty_slabs;

// Acquire and release: whoever frees the last block has seen all others freed.
void drop(slab* s, std::uint32_t blocks) noexcept
{
    if (s->live.fetch_sub(blocks, std::memory_order_acq_rel) == blocks)
        empty_slabs.put(s);
}

// What a thread keeps: the slab that it hands out from, and how many blocks of one other slab it
// has freed since it last told that slab.
struct thread_blocks {
    char* next = nullptr;
    char* end = nullptr;
    std::uint32_t made = 0;  // of the slab that it hands out from
    std::uint32_t freed = 0;
    slab* freed_in = nullptr;
    enum { unknown, attached, ended } life = unknown;
};
constinit thread_local thread_blocks own;

void settle_freed(thread_blocks& t) noexcept
{
    if (t.freed_in)
        drop(t.freed_in, t.freed);
    t.freed_in = nullptr;
    t.freed = 0;
}

void settle(thread_blocks& t) noexcept
{
    settle_freed(t);
    if (t.end)
        drop(slab_of(t.end - 1), handing_out - t.made);
    t.next = t.end = nullptr;
    t.made = 0;
}

void end_thread(void* t) noexcept
{
    settle(*static_cast<thread_blocks*>(t));
    static_cast<thread_blocks*>(t)->life = thread_blocks::ended;
}

// A key instead of a destructor of a thread-local object: registering it needs no memory or says
// that there is none, and it is called after these destructors, which may free blocks.
bool attach(thread_blocks& t) noexcept
{
    if (t.life == thread_blocks::unknown) {
        static pthread_key_t const key = [] {
            pthread_key_t made{};
            return pthread_key_create(&made, end_thread) == 0 ? made : PTHREAD_KEYS_MAX;
        }();
        if (key != PTHREAD_KEYS_MAX && pthread_setspecific(key, &t) == 0)
            t.life = thread_blocks::attached;
    }
    return t.life == thread_blocks::attached;
}

[[maybe_unused]] BOOST_NOINLINE void* allocate_from_new_slab(thread_blocks& t, std::size_t size)
{
    auto* const s = empty_slabs.take();
    if (!attach(t)) {
        s->live.store(1, std::memory_order_relaxed);
        return begin_of(s);
    }
    if (t.end)
        drop(slab_of(t.end - 1), handing_out - t.made);
    s->live.store(handing_out, std::memory_order_relaxed);
    t.next = begin_of(s) + size;
    t.end = end_of(s);
    t.made = 1;
    return begin_of(s);
}

[[maybe_unused]] BOOST_NOINLINE void free_in_other_slab(thread_blocks& t, slab* s) noexcept
{
    if (!attach(t))
        return drop(s, 1);
    settle_freed(t);
    t.freed_in = s;
    t.freed = 1;
}

}  // namespace

#if defined(COFU_PLAIN_BLOCKS)

// The sanitizer watches each block by itself.
void* allocate_small_block(std::size_t size)
{
    return ::operator new(size, std::align_val_t(block_alignment));
}

void free_small_block(void* block, std::size_t) noexcept
{
    ::operator delete(block, std::align_val_t(block_alignment));
}

#else

void* allocate_small_block(std::size_t size)
{
    auto& t = own;
    if (size > static_cast<std::size_t>(t.end - t.next))
        return allocate_from_new_slab(t, size);
    auto* const block = t.next;
    t.next += size;
    ++t.made;
    prefetch_to_write(reinterpret_cast<std::uintptr_t>(t.next) + bytes_ahead);
    return block;
}

void free_small_block(void* block, std::size_t size) noexcept
{
    auto& t = own;
    auto* const s = slab_of(block);
    if (static_cast<char*>(block) + size == t.next) {
        // The newest of this thread: the next one gets its place, which is in the cache.
        t.next = static_cast<char*>(block);
        --t.made;
    } else if (s == t.freed_in) {
        ++t.freed;
    } else {
        free_in_other_slab(t, s);
    }
}

#endif

block_user::block_user() noexcept
{
    empty_slabs.add_user();
}

block_user::~block_user()
{
    if (empty_slabs.drop_user())
        give_back_blocks();
}

bool keeps_many_blocks() noexcept
{
    return empty_slabs.keeps_many();
}

void give_back_blocks() noexcept
{
    empty_slabs.trim(false);
}

}  // namespace cofu::detail

namespace cofu {

void release_memory() noexcept
{
    detail::settle(detail::own);
    detail::empty_slabs.trim(true);
}

}  // namespace cofu
