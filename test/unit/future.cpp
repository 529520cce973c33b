// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What a future is: validity, identity, states, text. Reading, waiting and callbacks have files of
// their own beside this one.

#include <cofu/future.hpp>
#include <cofu/promise.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <stdexcept>
#include <unordered_set>
#include <vector>

using cofu::future_state;

namespace {

template <class F>
std::string text(F const& f)
{
    std::ostringstream os;
    os << f;
    return os.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(future)

BOOST_AUTO_TEST_CASE(a_default_constructed_one_is_empty)
{
    cofu::future<int> const empty;

    BOOST_TEST(!empty.valid());
    BOOST_TEST(!empty);
    BOOST_TEST((empty == cofu::future<int>()));
    BOOST_CHECK_THROW(empty.result(), cofu::invalid_state_error);
    BOOST_CHECK_THROW(empty.exception(), cofu::invalid_state_error);
    BOOST_CHECK_THROW(empty([](std::exception_ptr, int) {}), cofu::invalid_state_error);
    BOOST_CHECK_THROW(cofu::future<int>()([](std::exception_ptr, int) {}),
                      cofu::invalid_state_error);
    BOOST_CHECK_THROW(empty.async_wait([](boost::system::error_code) {}),
                      cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_is_empty)
{
    cofu::promise<int> p;
    auto f = p.get_future();

    auto const g = std::move(f);

    BOOST_TEST(!f.valid());
    BOOST_TEST(g.valid());
    BOOST_TEST(static_cast<bool>(g));
    p.set_result(0);
}

BOOST_AUTO_TEST_CASE(copies_are_equal_and_others_are_not)
{
    cofu::promise<int> p, q;
    auto const f = p.get_future();
    auto const copy = f;

    BOOST_TEST((copy == f));
    BOOST_TEST((f != q.get_future()));
    BOOST_TEST((f != cofu::future<int>()));
    p.set_result(0);
    q.set_result(0);
}

BOOST_AUTO_TEST_CASE(equality_does_not_look_at_the_value)
{
    cofu::promise<int> p, q;
    p.set_result(1);
    q.set_result(1);

    BOOST_TEST((p.get_future() != q.get_future()));
}

BOOST_AUTO_TEST_CASE(the_hash_goes_by_the_call)
{
    cofu::promise<int> p, q;
    std::unordered_set<cofu::future<int>> const set{p.get_future(), p.get_future(), q.get_future()};

    BOOST_TEST(set.size() == 2u);
    BOOST_TEST(set.contains(q.get_future()));
    p.set_result(0);
    q.set_result(0);
}

BOOST_AUTO_TEST_CASE(FUT_01_exactly_one_state_holds)
{
    cofu::promise<int> p, q;
    auto f = p.get_future(), g = q.get_future();
    std::vector<future_state> seen{f.state()};
    p.set_running_or_notify_cancel();
    seen.push_back(f.state());
    p.set_result(1);
    seen.push_back(f.state());
    g.cancel();
    seen.push_back(g.state());

    BOOST_TEST(seen
                   == (std::vector{future_state::pending, future_state::running,
                                   future_state::finished, future_state::cancelled}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_01_done_is_cancelled_or_finished)
{
    cofu::promise<int> p, q;
    auto f = p.get_future(), g = q.get_future();

    bool const pending_is = f.done();
    p.set_running_or_notify_cancel();
    bool const running_is = f.done();
    p.set_result(1);
    g.cancel();

    BOOST_TEST(!pending_is);
    BOOST_TEST(!running_is);
    BOOST_TEST(f.done());
    BOOST_TEST(g.done());
    BOOST_TEST(!f.cancelled());
    BOOST_TEST(g.cancelled());
    BOOST_TEST(!f.running());
}

BOOST_AUTO_TEST_CASE(FUT_02_cancel_on_pending_is_true_and_again)
{
    cofu::promise<int> p;
    auto f = p.get_future();

    BOOST_TEST(f.cancel());
    BOOST_TEST(f.cancel());
    BOOST_TEST(f.cancelled());
}

BOOST_AUTO_TEST_CASE(FUT_02_cancel_on_running_changes_nothing)
{
    cofu::promise<int> p;
    auto f = p.get_future();
    p.set_running_or_notify_cancel();

    BOOST_TEST(!f.cancel());
    BOOST_TEST(f.running());
    p.set_result(2);
    BOOST_TEST(f.result() == 2);
}

BOOST_AUTO_TEST_CASE(FUT_02_cancel_on_finished_changes_nothing)
{
    cofu::promise<int> p;
    auto f = p.get_future();
    p.set_result(2);

    BOOST_TEST(!f.cancel());
    BOOST_TEST(f.result() == 2);
}

BOOST_AUTO_TEST_CASE(FUT_12_each_state_is_printed)
{
    cofu::promise<int> p, q;
    auto f = p.get_future(), g = q.get_future();

    BOOST_TEST(text(cofu::future<int>()) == "<future empty>");
    BOOST_TEST(text(f) == "<future state=pending>");
    p.set_running_or_notify_cancel();
    BOOST_TEST(text(f) == "<future state=running>");
    p.set_result(1);
    BOOST_TEST(text(f) == "<future state=finished returned int>");
    g.cancel();
    BOOST_TEST(text(g) == "<future state=cancelled>");
}

BOOST_AUTO_TEST_CASE(FUT_12_the_type_of_the_value_is_printed)
{
    int n = 0;
    cofu::promise<void> nothing;
    cofu::promise<int&> reference;
    nothing.set_result();
    reference.set_result(n);

    BOOST_TEST(text(nothing.get_future()) == "<future state=finished returned void>");
    BOOST_TEST(text(reference.get_future()) == "<future state=finished returned int&>");
}

BOOST_AUTO_TEST_CASE(FUT_12_an_exception_is_printed_with_its_text)
{
    cofu::promise<int> p, q;
    p.set_exception(std::make_exception_ptr(std::out_of_range("what")));
    q.set_exception(std::make_exception_ptr(5));

    BOOST_TEST(text(p.get_future()) == "<future state=finished raised std::out_of_range: what>");
    BOOST_TEST(text(q.get_future()) == "<future state=finished raised int>");
}

BOOST_AUTO_TEST_SUITE_END()
