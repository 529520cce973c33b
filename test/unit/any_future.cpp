// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/any_future.hpp>
#include <cofu/error.hpp>
#include <cofu/promise.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <sstream>
#include <unordered_set>

using cofu::any_future;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(any_futures)

BOOST_AUTO_TEST_CASE(a_default_constructed_one_is_empty)
{
    any_future const empty;

    BOOST_TEST(!empty.valid());
    BOOST_TEST(!empty);
    BOOST_TEST(!empty.as<int>().valid());
}

BOOST_AUTO_TEST_CASE(it_refers_to_the_same_call)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    any_future const any = f;

    p.set_result(1);

    BOOST_TEST(any.done());
    BOOST_TEST((any == any_future(f)));
    BOOST_TEST((any.as<int>() == f));
    BOOST_TEST(any.as<int>().result() == 1);
}

BOOST_AUTO_TEST_CASE(as_another_type_it_is_empty)
{
    cofu::promise<int> p;
    any_future const any = p.get_future();

    BOOST_TEST(any.as<int>().valid());
    BOOST_TEST(!any.as<long>().valid());
    BOOST_TEST(!any.as<void>().valid());
    BOOST_TEST(!any.as<int&>().valid());
    p.set_result(0);
}

BOOST_AUTO_TEST_CASE(a_reference_and_its_object_are_different_types)
{
    int n = 0;
    cofu::promise<int&> p;
    any_future const any = p.get_future();
    p.set_result(n);

    BOOST_TEST(!any.as<int>().valid());
    BOOST_TEST(&any.as<int&>().result() == &n);
}

BOOST_AUTO_TEST_CASE(FUT_02_it_cancels)
{
    cofu::promise<int> p;
    any_future any = p.get_future();

    BOOST_TEST(any.cancel());
    BOOST_TEST(any.cancelled());
    BOOST_CHECK_THROW(any.exception(), cofu::cancelled_error);
}

BOOST_AUTO_TEST_CASE(FUT_07_it_gives_the_exception)
{
    cofu::promise<int> p;
    any_future const any = p.get_future();
    auto const error = std::make_exception_ptr(17);

    p.set_exception(error);

    BOOST_TEST((any.exception() == error));
    BOOST_TEST((any.exception(1s) == error));
}

BOOST_AUTO_TEST_CASE(FUT_05_it_waits_with_a_limit)
{
    cofu::promise<void> p;
    any_future const any = p.get_future();

    BOOST_TEST(!any.wait_for(0s));
    p.set_result();
    BOOST_TEST(any.wait_for(0s));
}

BOOST_AUTO_TEST_CASE(equality_and_hash_go_by_the_call)
{
    cofu::promise<int> p, q;
    std::unordered_set<any_future> set{p.get_future(), p.get_future(), q.get_future()};

    BOOST_TEST(set.size() == 2u);
    BOOST_TEST(set.contains(p.get_future()));
    BOOST_TEST(!set.contains(any_future()));
}

BOOST_AUTO_TEST_CASE(FUT_12_it_prints_as_the_future_does)
{
    cofu::promise<int> p;
    any_future const any = p.get_future();
    p.set_result(1);

    std::ostringstream os;
    os << any << any_future();

    BOOST_TEST(os.str() == "<future state=finished returned int><future empty>");
}

BOOST_AUTO_TEST_CASE(an_array_is_made_of_futures_of_several_types)
{
    cofu::promise<int> a;
    cofu::promise<std::unique_ptr<int>> b;
    cofu::promise<void> c;

    auto const all = cofu::any_futures(a.get_future(), b.get_future(), c.get_future());

    BOOST_TEST(all.size() == 3u);
    BOOST_TEST((all[1] == any_future(b.get_future())));
}

BOOST_AUTO_TEST_SUITE_END()
