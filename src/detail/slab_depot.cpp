// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "slab_depot.hpp"

#include "../posix/huge_memory.hpp"

#include <cofu/detail/short_lock.hpp>

#include <bit>
#include <cstdlib>
#include <new>

namespace cofu::detail {

namespace {

slab* slab_at(slab_region& r, std::size_t index) noexcept
{
    return reinterpret_cast<slab*>(reinterpret_cast<char*>(&r) + index * slab_size);
}

std::size_t index_of(slab* s) noexcept
{
    return static_cast<std::size_t>(reinterpret_cast<char*>(s) - reinterpret_cast<char*>(s->region))
           / slab_size;
}

}  // namespace

bool slab_depot::lock_a_while() noexcept
{
    backoff pause;
    for (int left = 80; !try_lock(); pause())
        if (--left == 0)
            return false;
    return true;
}

slab* slab_depot::take()
{
    if (lock_a_while()) {
        sort_in_returned();
        auto* s = pop();
        if (!s && loose_.load(std::memory_order_relaxed) >= kept_when_idle && add_region())
            s = pop();
        unlock();
        if (s)
            return s;
    }
    auto* const s = static_cast<slab*>(std::aligned_alloc(slab_size, slab_size));
    if (!s)
        throw std::bad_alloc();
    s->region = nullptr;
    loose_.fetch_add(1, std::memory_order_relaxed);
    return s;
}

void slab_depot::put(slab* s) noexcept
{
    if (try_lock()) {
        sort_in_returned();
        sort_in(s);
        return unlock();
    }
    // Release: who sorts it in sees it as we left it. Nobody pops a single one, so no ABA.
    s->next = returned_.load(std::memory_order_relaxed);
    while (!returned_.compare_exchange_weak(s->next, s, std::memory_order_release,
                                            std::memory_order_relaxed)) {
    }
}

void slab_depot::sort_in_returned() noexcept
{
    if (!returned_.load(std::memory_order_relaxed))
        return;
    auto* s = returned_.exchange(nullptr, std::memory_order_acquire);
    while (s) {
        auto* const next = s->next;
        sort_in(s);
        s = next;
    }
}

bool slab_depot::has_room() const noexcept
{
    auto const limit =
        users_.load(std::memory_order_relaxed) != 0 ? kept_in_use : kept_when_idle;
    return warm_.load(std::memory_order_relaxed) < limit;
}

void slab_depot::sort_in(slab* s) noexcept
{
    if (!s->region) {
        if (!has_room()) {
            loose_.fetch_sub(1, std::memory_order_relaxed);
            return std::free(s);
        }
        s->next = first_loose_;
        first_loose_ = s;
        return warm(1);
    }
    auto& r = *s->region;
    auto const i = index_of(s);
    r.empty[i / 64] |= std::uint64_t{1} << i % 64;
    warm(1);
    if (r.empty_count++ == 0)
        link(r);
    if (has_room())
        return;
    if (r.empty_count == slab_region::slabs)
        release(r);
    else if (users_.load(std::memory_order_relaxed) == 0)
        cool(r);
}

slab* slab_depot::pop() noexcept
{
    auto* const s = first_loose_;
    if (!s)
        return pop_from_region();
    first_loose_ = s->next;
    warm(-1);
    return s;
}

// Slabs without memory are the last choice: each page of theirs would be a fault.
slab* slab_depot::pop_from_region() noexcept
{
    for (auto* r = first_region_; r; r = r->next)
        if (r->empty_count != r->cold_count)
            return pop_from(*r, [r](std::size_t w) { return r->empty[w] & ~r->cold[w]; });
    if (cold_ < slab_region::slabs)
        return nullptr;
    auto* const r = first_region_;
    return pop_from(*r, [r](std::size_t w) { return r->empty[w]; });
}

template <class Choice>
slab* slab_depot::pop_from(slab_region& r, Choice choice) noexcept
{
    std::size_t w = 0;
    while (choice(w) == 0)
        ++w;
    auto const bit = choice(w) & -choice(w);
    r.empty[w] &= ~bit;
    if ((r.cold[w] & bit) != 0) {
        r.cold[w] &= ~bit;
        --r.cold_count;
        --cold_;
    } else {
        warm(-1);
    }
    if (--r.empty_count == 0)
        unlink(r);
    auto* const s = slab_at(r, w * 64 + static_cast<std::size_t>(std::countr_zero(bit)));
    s->region = &r;
    return s;
}

bool slab_depot::add_region() noexcept
{
    void* const memory = map_huge(slab_region::size);
    if (!memory)
        return false;
    auto& r = *::new (memory) slab_region{};
    r.empty.fill(~std::uint64_t{0});
    r.empty[0] &= ~std::uint64_t{1};  // this one
    r.empty_count = slab_region::slabs;
    link(r);
    warm(slab_region::slabs);
    return true;
}

void slab_depot::link(slab_region& r) noexcept
{
    r.previous = nullptr;
    r.next = first_region_;
    if (first_region_)
        first_region_->previous = &r;
    first_region_ = &r;
}

void slab_depot::unlink(slab_region& r) noexcept
{
    (r.previous ? r.previous->next : first_region_) = r.next;
    if (r.next)
        r.next->previous = r.previous;
}

// All its slabs are empty.
void slab_depot::release(slab_region& r) noexcept
{
    unlink(r);
    warm(static_cast<std::ptrdiff_t>(r.cold_count) - static_cast<std::ptrdiff_t>(r.empty_count));
    cold_ -= r.cold_count;
    unmap_huge(&r, slab_region::size);
}

// Some of its slabs are in use: the memory of the others goes, run by run.
void slab_depot::cool(slab_region& r) noexcept
{
    auto const is_warm = [&r](std::size_t i) {
        return i <= slab_region::slabs && ((r.empty[i / 64] & ~r.cold[i / 64]) >> i % 64 & 1) != 0;
    };
    for (std::size_t begin = 1; begin <= slab_region::slabs; ++begin) {
        auto end = begin;
        for (; is_warm(end); ++end)
            r.cold[end / 64] |= std::uint64_t{1} << end % 64;
        if (end == begin)
            continue;
        drop_pages(slab_at(r, begin), (end - begin) * slab_size);
        warm(-static_cast<std::ptrdiff_t>(end - begin));
        r.cold_count += end - begin;
        cold_ += end - begin;
        begin = end;
    }
}

void slab_depot::trim(bool all) noexcept
{
    if (!lock_a_while())
        return;
    sort_in_returned();
    for (auto* r = first_region_; r;) {
        auto* const next = r->next;
        if (r->empty_count == slab_region::slabs)
            release(*r);
        r = next;
    }
    for (auto* r = first_region_; r && (all || keeps_many()); r = r->next)
        cool(*r);
    while (first_loose_ && (all || keeps_many())) {
        auto* const s = pop();
        loose_.fetch_sub(1, std::memory_order_relaxed);
        std::free(s);
    }
    unlock();
}

void slab_depot::warm(std::ptrdiff_t by) noexcept
{
    warm_.store(warm_.load(std::memory_order_relaxed) + static_cast<std::size_t>(by),
                std::memory_order_relaxed);
}

}  // namespace cofu::detail
