// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The options of map, the cost of its calls, and what its iterator is.

#include <cofu/map.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <iterator>
#include <type_traits>

using namespace std::chrono_literals;
using results = cofu::map_results<int>;

static_assert(std::input_iterator<results::iterator>);
static_assert(std::ranges::input_range<results>);
static_assert(std::movable<results>);
static_assert(!std::is_copy_constructible_v<results>);
static_assert(std::is_same_v<std::iter_reference_t<results::iterator>, int&&>);

BOOST_AUTO_TEST_CASE(MAP_01_everything_is_submitted_by_default)
{
    cofu::map_options const options;

    BOOST_TEST(options.chunksize == 1u);
    BOOST_TEST(options.buffersize == cofu::unlimited);
    BOOST_TEST((options.timeout == cofu::forever));
    BOOST_TEST((options.order == cofu::map_order::input));
}

BOOST_AUTO_TEST_CASE(MAP_04_while_no_cost_is_known_a_chunk_is_one_call)
{
    cofu::detail::call_cost const cost;

    BOOST_TEST(cost.chunk() == 1u);
}

BOOST_AUTO_TEST_CASE(MAP_04_cheap_calls_make_large_chunks)
{
    cofu::detail::call_cost cost;

    cost.add(1us, 1);
    auto const of_microseconds = cost.chunk();
    cost.add(0ns, 10);
    auto const of_nothing = cost.chunk();
    cost.add(1h, 1);
    auto const of_hours = cost.chunk();

    BOOST_TEST(of_microseconds == 100u);
    BOOST_TEST(of_nothing == 1024u);
    BOOST_TEST(of_hours == 1u);
}
