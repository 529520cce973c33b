// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/poll.hpp"

#include <boost/test/unit_test.hpp>

using namespace cofu::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(support_poll)

BOOST_AUTO_TEST_CASE(returns_once_the_condition_holds)
{
    int calls = 0;
    BOOST_TEST(poll_until([&] { return ++calls == 3; }));
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(gives_up_at_the_limit)
{
    BOOST_TEST(!poll_until([] { return false; }, 2ms));
}

BOOST_AUTO_TEST_SUITE_END()
