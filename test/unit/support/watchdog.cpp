// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/watchdog.hpp"

#include "support/child_case.hpp"
#include "support/sanitizers.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <future>
#include <unistd.h>

using namespace cofu::test;

namespace {

constexpr auto one_second = under_sanitizer ? "COFU_TEST_TIMEOUT=0.1" : "COFU_TEST_TIMEOUT=1";

bool contains(std::string const& text, char const* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

// An external name: both ways of printing stacks know it.
extern "C" [[gnu::noinline]] void cofu_test_waits_for_ever()
{
    for (;;)
        pause();
}

BOOST_AUTO_TEST_SUITE(support_watchdog, *time_limit(60))

BOOST_AUTO_TEST_CASE(hang_fails_with_every_stack)
{
    auto const child = run_case_in_child("support_watchdog/child_that_hangs", {one_second});
    BOOST_TEST(child.exit_status == watchdog_exit_status, child.output);
    BOOST_TEST(contains(child.output, "child_that_hangs ran past its limit"), child.output);
    BOOST_TEST(contains(child.output, "cofu_test_waits_for_ever"), child.output);
}

BOOST_AUTO_TEST_CASE(hang_without_gdb_fails_with_every_stack)
{
    auto const child = run_case_in_child(
        "support_watchdog/child_that_hangs", {one_second, "PATH=/nowhere"});
    BOOST_TEST(child.exit_status == watchdog_exit_status, child.output);
    BOOST_TEST(contains(child.output, "wchan"), child.output);
    BOOST_TEST(contains(child.output, "pause"), child.output);
}

BOOST_AUTO_TEST_CASE(child_that_hangs, *boost::unit_test::disabled() * time_limit(10))
{
    auto const other = std::async(std::launch::async, &cofu_test_waits_for_ever);
    BOOST_TEST(other.valid());
    cofu_test_waits_for_ever();
}

BOOST_AUTO_TEST_CASE(limit_comes_from_the_suite_unless_the_case_has_one)
{
    auto const& self = boost::unit_test::framework::current_test_case();
    auto const limit = time_limit::of(self);
    if (limit && !std::getenv("COFU_TEST_TIMEOUT"))
        BOOST_TEST(limit->count() == 60'000 * time_factor);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
