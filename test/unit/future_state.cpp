// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/future_state.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

using cofu::future_state;

namespace {

std::string text(future_state s)
{
    std::ostringstream os;
    os << s;
    return os.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(future_states)

BOOST_AUTO_TEST_CASE(FUT_12_each_state_prints_its_name)
{
    BOOST_TEST(text(future_state::pending) == "pending");
    BOOST_TEST(text(future_state::running) == "running");
    BOOST_TEST(text(future_state::cancelled) == "cancelled");
    BOOST_TEST(text(future_state::finished) == "finished");
}

BOOST_AUTO_TEST_CASE(FUT_12_a_value_out_of_range_prints_as_unknown)
{
    BOOST_TEST(text(static_cast<future_state>(17)) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
