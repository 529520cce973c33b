// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/counted.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>

using namespace cofu::test;

static_assert(!std::is_copy_constructible_v<move_only> && std::is_move_constructible_v<move_only>);
static_assert(std::is_nothrow_move_constructible_v<counted>);
static_assert(!std::is_default_constructible_v<no_default>);
static_assert(std::is_nothrow_move_constructible_v<throwing_copy>);
static_assert(!std::is_nothrow_move_constructible_v<throwing_move>);

BOOST_AUTO_TEST_SUITE(support_counted)

BOOST_AUTO_TEST_CASE(balances_instances_copies_and_moves)
{
    tally_since<counted> change;
    {
        counted a(7);
        counted b = a;
        counted c = std::move(b);
        BOOST_TEST(c.value == 7);
        BOOST_TEST(change().live == 3);
    }
    BOOST_TEST(change().live == 0);
    BOOST_TEST(change().made == 3);
    BOOST_TEST(change().copies == 1);
    BOOST_TEST(change().moves == 1);
}

BOOST_AUTO_TEST_CASE(throwing_transfers_leave_the_balance)
{
    tally_since<throwing_copy> copies;
    tally_since<throwing_move> moves;
    {
        throwing_copy a(1, 1);
        throwing_copy b = a;
        BOOST_CHECK_THROW(throwing_copy(std::as_const(b)), transfer_failed);
        throwing_move c(1, 1);
        throwing_move d = std::move(c);
        BOOST_CHECK_THROW(throwing_move(std::move(d)), transfer_failed);
    }
    BOOST_TEST(copies().live == 0);
    BOOST_TEST(moves().live == 0);
}

BOOST_AUTO_TEST_SUITE_END()
