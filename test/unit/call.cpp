// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/call.hpp>

#include "support/counted.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

using namespace cofu::test;

BOOST_AUTO_TEST_SUITE(call)

BOOST_AUTO_TEST_CASE(it_keeps_a_function_and_its_arguments)
{
    auto add = cofu::call([](int a, int b) { return a + b; }, 3, 4);

    BOOST_TEST(add() == 7);
    BOOST_TEST(add() == 7);
}

BOOST_AUTO_TEST_CASE(arguments_are_decayed_copies)
{
    std::string name = "before";
    auto const& constant = name;
    auto read = cofu::call([](std::string& s) { return s; }, constant);

    name = "after";

    BOOST_TEST(read() == "before");
}

BOOST_AUTO_TEST_CASE(a_reference_wrapper_passes_a_reference)
{
    int n = 0;
    auto increase = cofu::call([](int& i) { ++i; }, std::ref(n));

    increase();

    BOOST_TEST(n == 1);
}

BOOST_AUTO_TEST_CASE(as_an_lvalue_it_gives_its_arguments_as_lvalues)
{
    tally_since<counted> const since;
    auto read = cofu::call([](counted& c) { return c.value; }, counted(5));
    auto const before = since();

    BOOST_TEST(read() == 5);
    BOOST_TEST(read() == 5);
    BOOST_TEST(since().made == before.made);
}

BOOST_AUTO_TEST_CASE(as_an_rvalue_it_moves_what_it_keeps)
{
    auto take = cofu::call([](std::unique_ptr<int> p) { return *p; }, std::make_unique<int>(9));

    BOOST_TEST(std::move(take)() == 9);
}

BOOST_AUTO_TEST_CASE(a_function_that_takes_a_stop_token_makes_it_take_one)
{
    std::stop_source source;
    auto asked = cofu::call([](std::stop_token t, int n) { return t.stop_requested() ? n : 0; }, 3);
    static_assert(!std::is_invocable_v<decltype(asked)&>);

    auto const before = asked(source.get_token());
    source.request_stop();

    BOOST_TEST(before == 0);
    BOOST_TEST(asked(source.get_token()) == 3);
    BOOST_TEST(std::move(asked)(source.get_token()) == 3);
}

BOOST_AUTO_TEST_CASE(a_reference_that_is_returned_stays_one)
{
    int n = 1;
    auto give = cofu::call([](int& i) -> int& { return i; }, std::ref(n));

    give() = 2;

    static_assert(std::is_same_v<decltype(give()), int&>);
    BOOST_TEST(n == 2);
}

BOOST_AUTO_TEST_CASE(a_member_function_is_called_on_its_object)
{
    struct doubling {
        int twice(int n) { return 2 * n; }
    };
    auto f = cofu::call(&doubling::twice, doubling(), 4);

    BOOST_TEST(std::invoke(f) == 8);
}

BOOST_AUTO_TEST_CASE(it_fits_std_function)
{
    std::function<int()> const f = cofu::call([](int a) { return a + 1; }, 1);

    BOOST_TEST(f() == 2);
    BOOST_TEST(f() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
