// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/entry_ring.hpp>

#include "numbered_entry.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <vector>

using namespace cofu::detail;

namespace {

struct fixture {
    void push(int n)
    {
        for (; n > 0; --n) {
            if (ring.is_full())
                ring.move_to(ring.more_room());
            ring.push(made.emplace_back(static_cast<int>(made.size())));
        }
    }
    int newest() { return static_cast<numbered_entry*>(ring.pop_newest())->number; }
    int oldest() { return static_cast<numbered_entry*>(ring.pop_oldest())->number; }

    std::deque<numbered_entry> made;
    entry_ring ring;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(entry_ring_order, fixture)

BOOST_AUTO_TEST_CASE(TPE_06_it_is_taken_from_both_ends)
{
    push(4);

    BOOST_TEST(newest() == 3);
    BOOST_TEST(oldest() == 0);
    BOOST_TEST(oldest() == 1);
    BOOST_TEST(newest() == 2);
    BOOST_TEST(ring.empty());
}

BOOST_AUTO_TEST_CASE(TPE_06_it_grows_in_order_wherever_it_begins)
{
    for (int begin = 0; begin < 70; ++begin) {
        push(1);
        oldest();
        auto const first = static_cast<int>(made.size());
        push(200);

        bool in_order = true;
        for (int i = 0; i < 200; ++i)
            in_order = in_order && oldest() == first + i;

        BOOST_TEST(in_order);
        BOOST_TEST(ring.empty());
        ring.give_up_room();
    }
}

BOOST_AUTO_TEST_CASE(TPE_06_what_is_put_ahead_is_seen_when_it_is_added)
{
    push(2);
    ring.put_ahead(1, made.emplace_back(12));
    ring.put_ahead(0, made.emplace_back(11));
    BOOST_TEST(ring.size() == 2u);

    ring.add_put(2);

    BOOST_TEST(ring.size() == 4u);
    BOOST_TEST(newest() == 12);
    BOOST_TEST(newest() == 11);
    BOOST_TEST(newest() == 1);
}

BOOST_AUTO_TEST_CASE(R3_it_gives_its_room_back)
{
    push(5'000);
    while (!ring.empty())
        newest();

    BOOST_TEST(ring.is_roomy());
    ring.give_up_room();
    BOOST_TEST(!ring.is_roomy());
    BOOST_TEST(ring.is_full());
}

BOOST_AUTO_TEST_SUITE_END()
