// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/pool_ticket.hpp>

#include <bit>
#include <mutex>
#include <new>
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
    atomic<std::uint64_t> word{0};
    call_pool* pool = nullptr;         // written while closed, read by visits
    std::uint32_t next_free = 0;       // guarded by the mutex of free places
};

namespace {

constinit std::mutex free_places_mutex;
constinit std::uint32_t free_places = 0;
constinit std::uint32_t made_places = 0;  // guarded by the mutex too

// Places stand in chunks, each twice as long as the one before, and are numbered from 1.
constexpr std::uint32_t first_chunk = 64;
constexpr std::size_t most_chunks = 26;
constinit std::atomic<pool_place*> chunks[most_chunks];

struct position {
    std::size_t chunk;
    std::uint32_t offset;
};

constexpr position position_of(std::uint32_t place)
{
    auto const n = place - 1 + first_chunk;
    auto const chunk = static_cast<std::size_t>(std::bit_width(n / first_chunk) - 1);
    return {chunk, n - (first_chunk << chunk)};
}

// Acquire: the chunk was made.
pool_place& place_of(std::uint32_t place) noexcept
{
    auto const [chunk, offset] = position_of(place);
    return chunks[chunk].load(std::memory_order_acquire)[offset];
}

// Under the mutex.
std::uint32_t make_place()
{
    auto const place = made_places + 1;
    auto const [chunk, offset] = position_of(place);
    if (chunk == most_chunks)
        throw std::bad_alloc();
    if (offset == 0)
        chunks[chunk].store(new pool_place[first_chunk << chunk], std::memory_order_release);
    return made_places = place;
}

}  // namespace

pool_visit::pool_visit(pool_ticket ticket) noexcept
{
    if (ticket.place == 0)
        return;
    place_ = &place_of(ticket.place);
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
        ticket_.place = free_places != 0 ? free_places : make_place();
        if (free_places != 0)
            free_places = place_of(free_places).next_free;
    }
    auto& place = place_of(ticket_.place);
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
    if (ticket_.place == 0)
        return;
    auto const number = ticket_.place;
    auto& place = place_of(number);
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
    free_places = number;
}

}  // namespace cofu::detail
