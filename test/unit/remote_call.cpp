// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/remote_call.hpp>

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

std::string told;

void tell(std::string const& text) { told += text; }

void run(cofu::remote_call const& call)
{
    cofu::byte_writer dropped;
    cofu::detail::run_encoded_call(call.bytes(), {}, dropped);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(remote_call)

BOOST_AUTO_TEST_CASE(a_default_one_is_empty)
{
    cofu::remote_call const none;

    BOOST_TEST(!none);
    BOOST_TEST(none.bytes().empty());
}

BOOST_AUTO_TEST_CASE(it_keeps_a_function_with_its_arguments)
{
    told.clear();
    cofu::remote_call const call = cofu::call(tell, std::string("hello "));
    auto const copy = call;

    run(call);
    run(copy);

    BOOST_TEST(bool(call));
    BOOST_TEST(told == "hello hello ");
}

BOOST_AUTO_TEST_CASE(a_function_that_takes_nothing_needs_no_call)
{
    told.clear();
    cofu::remote_call const lambda = [] { told += "lambda "; };
    cofu::remote_call const pointer = +[] { return told += "pointer"; };

    run(lambda);
    run(pointer);

    BOOST_TEST(told == "lambda pointer");
}

BOOST_AUTO_TEST_SUITE_END()
