// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/pool_observer.hpp>

#include "support/child_case.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

std::string output_of(std::string const& name)
{
    return cofu::test::run_case_in_child("pool_observer/" + name).output;
}

bool contains(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_observer)

BOOST_AUTO_TEST_CASE(report_a_callback, *boost::unit_test::disabled())
{
    cofu::pool_observer().callback_failed(std::make_exception_ptr(std::out_of_range("too far")));
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(report_a_handler, *boost::unit_test::disabled())
{
    cofu::pool_observer().handler_lost(std::make_exception_ptr(42));
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(FUT_08_by_default_a_callbacks_exception_goes_to_the_error_stream)
{
    auto const output = output_of("report_a_callback");

    BOOST_TEST(contains(output, "cofu: a callback threw"));
    BOOST_TEST(contains(output, "std::out_of_range: too far"));
}

BOOST_AUTO_TEST_CASE(R4_by_default_a_lost_handler_goes_to_the_error_stream)
{
    auto const output = output_of("report_a_handler");

    BOOST_TEST(contains(output, "cofu: a handler's executor threw"));
    BOOST_TEST(contains(output, "int"));
}

BOOST_AUTO_TEST_CASE(an_observer_overrides_what_it_wants)
{
    struct counting final : cofu::pool_observer {
        void callback_failed(std::exception_ptr) noexcept override { ++callbacks; }
        int callbacks = 0;
    } observer;

    static_cast<cofu::pool_observer&>(observer).callback_failed(nullptr);

    BOOST_TEST(observer.callbacks == 1);
}

BOOST_AUTO_TEST_SUITE_END()
