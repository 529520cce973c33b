// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/entry_queue.hpp>

#include "numbered_entry.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>

using namespace cofu::detail;

namespace {

struct fixture {
    void push(int n)
    {
        for (int i = 0; i < n; ++i)
            queue.push_back(made.emplace_back(static_cast<int>(made.size())));
    }
    int pop(entry_queue& from)
    {
        int const number = static_cast<numbered_entry&>(from.front()).number;
        from.pop_front();
        return number;
    }
    // Whether the next n are those from `first` on.
    bool pops(entry_queue& from, int first, int n)
    {
        bool in_order = true;
        for (int i = 0; i < n; ++i)
            in_order = pop(from) == first + i && in_order;
        return in_order;
    }

    static constexpr int room = entry_queue::room + 1;  // of the array, and the oldest
    std::deque<numbered_entry> made;
    entry_queue queue;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(entry_queue_order, fixture)

BOOST_AUTO_TEST_CASE(TPE_06_the_oldest_comes_first)
{
    BOOST_TEST(queue.empty());

    push(3);

    BOOST_TEST(pops(queue, 0, 3));
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(TPE_06_what_the_array_has_no_room_for_comes_after)
{
    push(3 * room);

    BOOST_TEST(pops(queue, 0, 3 * room));
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(TPE_06_what_is_pushed_while_there_is_a_rest_comes_after_it)
{
    push(room + 2);
    BOOST_TEST(pops(queue, 0, room + 1));

    push(5);

    BOOST_TEST(pops(queue, room + 1, 6));
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(TPE_06_it_is_full_again_after_it_was_empty)
{
    push(room + 1);
    BOOST_TEST(pops(queue, 0, room + 1));

    push(room + 1);

    BOOST_TEST(pops(queue, room + 1, room + 1));
}

BOOST_AUTO_TEST_CASE(TPE_06_swapped_with_another_each_keeps_its_order)
{
    entry_queue other;
    push(room + 2);

    queue.swap(other);
    push(3);

    BOOST_TEST(pops(other, 0, room + 2));
    BOOST_TEST(pops(queue, room + 2, 3));
}

BOOST_AUTO_TEST_SUITE_END()
