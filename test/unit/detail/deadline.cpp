// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/deadline.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

using cofu::detail::deadline_after;
using cofu::detail::deadline_at;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

// How far from now a deadline lies at most; it was made after `before`.
template <class Duration>
bool lies_after(steady::time_point before, Duration at_least, cofu::detail::deadline const& d)
{
    return d && *d - before >= at_least && *d - steady::now() <= at_least + 1ms;
}

bool is_over(cofu::detail::deadline const& d) { return d && *d <= steady::now(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(deadline_of)

BOOST_AUTO_TEST_CASE(FUT_05_a_duration_is_counted_from_now)
{
    auto const before = steady::now();

    BOOST_TEST(lies_after(before, 10s, deadline_after(10s)));
    BOOST_TEST(lies_after(before, 10ms, deadline_after(10ms)));
    BOOST_TEST(lies_after(before, 24h, deadline_after(24h)));
}

BOOST_AUTO_TEST_CASE(FUT_05_a_fraction_of_a_tick_is_rounded_up)
{
    using picoseconds = std::chrono::duration<std::int64_t, std::pico>;
    auto const before = steady::now();

    auto const d = deadline_after(picoseconds(1001));

    BOOST_TEST((*d - before >= 2ns));
}

BOOST_AUTO_TEST_CASE(FUT_05_any_representation_serves)
{
    auto const before = steady::now();

    BOOST_TEST(lies_after(before, 1500ms, deadline_after(std::chrono::duration<float>(1.5f))));
    BOOST_TEST(lies_after(before, 1500ms, deadline_after(std::chrono::duration<long double>(1.5))));
    BOOST_TEST(lies_after(before, 200s, deadline_after(std::chrono::duration<std::uint8_t>(200))));
    BOOST_TEST(
        lies_after(before, 120s, deadline_after(std::chrono::duration<int, std::ratio<60>>(2))));
}

BOOST_AUTO_TEST_CASE(FUT_05_the_longest_durations_are_for_ever)
{
    using std::chrono::duration;

    BOOST_TEST(!deadline_after(std::chrono::nanoseconds::max()));
    BOOST_TEST(!deadline_after(std::chrono::hours::max()));
    BOOST_TEST(!deadline_after(duration<std::uint64_t>::max()));
    BOOST_TEST(!deadline_after(duration<float>(std::numeric_limits<float>::infinity())));
    BOOST_TEST(!deadline_after(duration<double>::max()));
    BOOST_TEST(!deadline_after(duration<double>(std::numeric_limits<double>::quiet_NaN())));
}

BOOST_AUTO_TEST_CASE(FUT_05_zero_and_less_are_over_at_once)
{
    using std::chrono::duration;

    BOOST_TEST(is_over(deadline_after(0s)));
    BOOST_TEST(is_over(deadline_after(-1s)));
    BOOST_TEST(is_over(deadline_after(std::chrono::nanoseconds::min())));
    BOOST_TEST(is_over(deadline_after(std::chrono::hours::min())));
    BOOST_TEST(is_over(deadline_after(duration<double>::min())));
}

BOOST_AUTO_TEST_CASE(FUT_05_a_point_of_any_clock_is_turned_into_a_duration)
{
    auto const before = steady::now();
    auto const hour_on = std::chrono::system_clock::now() + 1h;

    auto const d = deadline_at(hour_on);

    BOOST_TEST((*d - before > 59min));
    BOOST_TEST((*d - before < 61min));
    BOOST_TEST(is_over(deadline_at(steady::now() - 1h)));
}

BOOST_AUTO_TEST_CASE(FUT_05_the_farthest_points_saturate)
{
    using std::chrono::sys_time;
    using std::chrono::system_clock;

    BOOST_TEST(!deadline_at(steady::time_point::max()));
    BOOST_TEST(!deadline_at(steady::time_point::max() - 1ns));
    BOOST_TEST(!deadline_at(system_clock::time_point::max()));
    BOOST_TEST(!deadline_at(sys_time<std::chrono::hours>::max()));
    BOOST_TEST(!deadline_at(sys_time<std::chrono::hours>::max() - 1h));
    BOOST_TEST(is_over(deadline_at(steady::time_point::min())));
    BOOST_TEST(is_over(deadline_at(system_clock::time_point::min())));
    BOOST_TEST(is_over(deadline_at(sys_time<std::chrono::hours>::min())));
}

BOOST_AUTO_TEST_SUITE_END()
