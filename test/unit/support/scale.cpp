// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/scale.hpp"

#include "support/child_case.hpp"

#include <boost/test/unit_test.hpp>

using namespace cofu::test;

BOOST_AUTO_TEST_SUITE(support_scale)

BOOST_AUTO_TEST_CASE(generator_repeats_itself_and_stays_below_its_bound)
{
    rng a(1), b(1), c(2);
    BOOST_TEST(a() == b());
    BOOST_TEST(a() != c());
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST_REQUIRE(a.below(10) < 10u);
}

BOOST_AUTO_TEST_CASE(seed_and_scale_come_from_the_environment)
{
    auto const child = run_case_in_child("support_scale/child_of_the_environment",
        {"COFU_TEST_SEED=42", "COFU_TEST_SCALE=0.001"});
    BOOST_TEST(child.exit_status == 0, child.output);
    BOOST_TEST(child.output.find("COFU_TEST_SEED=42") != std::string::npos, child.output);
}

BOOST_AUTO_TEST_CASE(child_of_the_environment, *boost::unit_test::disabled())
{
    BOOST_TEST(seed() == 42u);
    BOOST_TEST(scaled(10'000) == 10u);
    BOOST_TEST(scaled(10) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
