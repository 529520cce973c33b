// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/pool_ticket.hpp>

#include <mutex>
#include <thread>

namespace cofu::detail {

namespace {

// The word of a place: generation in the upper half, an "open" bit, visits under way in the rest.
constexpr std::uint64_t open_bit = std::uint64_t{1} << 31;
constexpr std::uint64_t visits_mask = open_bit - 1;

constexpr std::uint32_t generation_of(std::uint64_t word)
{
    return static_cast<std::uint32_t>(word >> 32);
}

}  // namespace

struct pool_place {
    std::atomic<std::uint64_t> word{0};
    call_pool* pool = nullptr;         // written while closed, read by visits
    pool_place* next_free = nullptr;  // guarded by the mutex of free places
};

namespace {

constinit std::mutex free_places_mutex;
constinit pool_place* free_places = nullptr;

}  // namespace

pool_visit::pool_visit(pool_ticket ticket) noexcept : place_(ticket.place)
{
    if (!place_)
        return;
    auto word = place_->word.load(std::memory_order_relaxed);
    do {
        if (generation_of(word) != ticket.generation || (word & open_bit) == 0)
            return;
        // Acquire: the pool's registration happened before; the visit counts from here.
    } while (!place_->word.compare_exchange_weak(word, word + 1, std::memory_order_acquire,
                                                 std::memory_order_relaxed));
    pool_ = place_->pool;
}

pool_visit::~pool_visit()
{
    // Release: what the visit did happens before the pool's end.
    if (pool_)
        place_->word.fetch_sub(1, std::memory_order_release);
}

pool_registration::pool_registration(call_pool& pool)
{
    {
        std::lock_guard lock(free_places_mutex);
        ticket_.place = free_places;
        if (free_places)
            free_places = free_places->next_free;
    }
    if (!ticket_.place)
        ticket_.place = new pool_place;
    auto& place = *ticket_.place;
    place.pool = &pool;
    ticket_.generation = generation_of(place.word.load(std::memory_order_relaxed));
    place.word.fetch_or(open_bit, std::memory_order_release);
}

pool_registration::~pool_registration()
{
    close();
}

void pool_registration::close() noexcept
{
    if (!ticket_.place)
        return;
    auto& place = *ticket_.place;
    auto word = place.word.fetch_and(~open_bit, std::memory_order_relaxed);
    while ((word & visits_mask) != 0) {
        std::this_thread::yield();
        word = place.word.load(std::memory_order_relaxed);
    }
    // Acquire: the visits happened before. The next generation begins closed.
    place.word.exchange(std::uint64_t{ticket_.generation + 1} << 32, std::memory_order_acquire);
    ticket_ = {};
    std::lock_guard lock(free_places_mutex);
    place.next_free = free_places;
    free_places = &place;
}

}  // namespace cofu::detail
