// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/block_memory.hpp>
#include <cofu/release_memory.hpp>

#include "support/fail_nth.hpp"
#include "support/sanitizers.hpp"
#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

using namespace cofu::test;
using cofu::detail::allocate_block;
using cofu::detail::free_block;

namespace {

struct block {
    void* at;
    std::size_t size;
    unsigned char mark;
};

block make_block(std::size_t size, unsigned char mark)
{
    block const b{allocate_block(size), size, mark};
    std::memset(b.at, mark, size);
    return b;
}

bool is_intact(block const& b)
{
    auto const* const bytes = static_cast<unsigned char const*>(b.at);
    return std::all_of(bytes, bytes + b.size, [&](unsigned char c) { return c == b.mark; });
}

void free_all(std::vector<block>& blocks)
{
    for (auto const& b : blocks)
        free_block(b.at, b.size);
    blocks.clear();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(block_memory)

BOOST_AUTO_TEST_CASE(R3_blocks_of_all_sizes_are_aligned_and_apart)
{
    std::vector<block> blocks;
    for (std::size_t size = 1; size < 3000; size += 37)
        blocks.push_back(make_block(size, static_cast<unsigned char>(size)));

    for (auto const& b : blocks) {
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(b.at) % cofu::detail::block_alignment == 0u);
        BOOST_TEST(is_intact(b));
    }
    free_all(blocks);
}

BOOST_AUTO_TEST_CASE(R3_random_sizes_and_lives)
{
    rng random;
    std::vector<block> blocks;
    bool intact = true;

    for (std::size_t i = 0; i < scaled(200'000); ++i) {
        if (blocks.empty() || random.once_in(2)) {
            blocks.push_back(make_block(1 + random.below(1200), static_cast<unsigned char>(i)));
        } else {
            std::swap(blocks[random.below(blocks.size())], blocks.back());
            intact = intact && is_intact(blocks.back());
            free_block(blocks.back().at, blocks.back().size);
            blocks.pop_back();
        }
    }
    free_all(blocks);

    BOOST_TEST(intact);
}

BOOST_AUTO_TEST_CASE(R3_a_block_outlives_its_maker)
{
    std::vector<block> blocks;
    std::thread([&] {
        for (int i = 0; i < 1000; ++i)
            blocks.push_back(make_block(100, static_cast<unsigned char>(i)));
        for (int i = 0; i < 1000; i += 2)
            free_block(blocks[static_cast<std::size_t>(i)].at, 100);
    }).join();

    bool intact = true;
    for (std::size_t i = 1; i < 1000; i += 2) {
        intact = intact && is_intact(blocks[i]);
        free_block(blocks[i].at, 100);
    }

    BOOST_TEST(intact);
}

BOOST_AUTO_TEST_CASE(R3_the_newest_block_is_used_again_at_once)
{
    if (under_sanitizer)
        return;
    auto* const first = allocate_block(100);
    free_block(first, 100);
    auto* const second = allocate_block(100);
    free_block(second, 100);

    BOOST_TEST(first == second);
}

BOOST_AUTO_TEST_CASE(R3_release_memory_gives_all_back)
{
    if (!watches_malloc)
        return;
    cofu::release_memory();
    count_allocations first;
    free_block(allocate_block(100), 100);
    first.disarm();
    count_allocations again;
    free_block(allocate_block(100), 100);
    again.disarm();
    cofu::release_memory();
    count_allocations after;
    free_block(allocate_block(100), 100);
    after.disarm();

    BOOST_TEST(first.seen() == 1u);
    BOOST_TEST(again.seen() == 0u);
    BOOST_TEST(after.seen() == 1u);
}

BOOST_AUTO_TEST_CASE(R3_without_a_pool_no_more_than_the_bound_is_kept)
{
    std::vector<block> blocks;
    {
        cofu::detail::block_user const pool;
        for (int i = 0; i < 20'000; ++i)
            blocks.push_back({allocate_block(256), 256, 0});
        free_all(blocks);
        BOOST_TEST(cofu::detail::keeps_many_blocks() == !under_asan);
    }

    BOOST_TEST(!cofu::detail::keeps_many_blocks());
}

BOOST_AUTO_TEST_CASE(R4_without_memory_it_throws_and_works_afterwards)
{
    auto const points = for_every_allocation([](fail_allocation&) {
        auto* const b = allocate_block(100);
        free_block(b, 100);
    });

    BOOST_TEST((points == 1u || under_sanitizer));
}

BOOST_AUTO_TEST_SUITE_END()
