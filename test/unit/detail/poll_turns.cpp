// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "detail/poll_turns.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using cofu::detail::poll_turns;
using turn = poll_turns::turn;

namespace {

// Deliveries after which it does nothing, until the next after which it gives way.
int skipped(poll_turns& turns)
{
    int n = 0;
    while (turns.next(true, true) == turn::none)
        ++n;
    return n;
}

void deliver_on_another_thread(poll_turns& turns)
{
    std::thread([&] { turns.next(true, true); }).join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(poll_turns_order)

BOOST_AUTO_TEST_CASE(looks_after_a_delivery_while_something_waits)
{
    poll_turns turns;

    BOOST_TEST((turns.next(true, false) == turn::none));
    BOOST_TEST((turns.next(false, true) == turn::none));
    BOOST_TEST((turns.next(true, true) == turn::look));
    BOOST_TEST((turns.next(false, true) == turn::look));
    BOOST_TEST((turns.next(true, false) == turn::none));
}

BOOST_AUTO_TEST_CASE(gives_way_where_it_must_not_look)
{
    poll_turns never, shared;
    never.set(cofu::io_poll::never);
    shared.next(true, true);
    deliver_on_another_thread(shared);

    for (auto* turns : {&never, &shared}) {
        BOOST_TEST((turns->next(true, false) == turn::none));
        BOOST_TEST((turns->next(false, true) == turn::none));
        BOOST_TEST((turns->next(true, true) == turn::give_way));
        BOOST_TEST(!turns->start());
    }
}

BOOST_AUTO_TEST_CASE(gives_way_less_and_less_where_nothing_comes_of_it)
{
    poll_turns turns;
    turns.set(cofu::io_poll::never);

    for (int expected : {0, 1, 3, 7, 15, 31, 63, 127, 255, 255}) {
        BOOST_TEST(skipped(turns) == expected);
        turns.gave_way(false);
    }
    BOOST_TEST(skipped(turns) == 255);
    turns.gave_way(true);
    BOOST_TEST(skipped(turns) == 0);
    turns.gave_way(false);
    BOOST_TEST(skipped(turns) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
