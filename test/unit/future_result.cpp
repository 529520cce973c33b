// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/error.hpp>
#include <cofu/future.hpp>
#include <cofu/promise.hpp>

#include "support/counted.hpp"
#include "support/manual_executor.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

template <class T, class... A>
cofu::future<T> ready(A&&... a)
{
    cofu::promise<T> p;
    p.set_result(std::forward<A>(a)...);
    return p.get_future();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(future_result)

BOOST_AUTO_TEST_CASE(FUT_06_an_lvalue_gives_the_same_object_each_time)
{
    tally_since<counted> const since;
    auto const f = ready<counted>(3);
    auto const g = f;

    BOOST_TEST(&f.result() == &g.result());
    BOOST_TEST(&f.result(0s) == &g.result());
    BOOST_TEST(f.result().value == 3);
    BOOST_TEST(since().made == 1);
}

BOOST_AUTO_TEST_CASE(FUT_06_any_thread_may_read)
{
    auto const f = ready<std::string>("shared");
    std::vector<std::string> seen(4);
    std::vector<std::thread> readers;

    for (auto& s : seen)
        readers.emplace_back([f, &s] { s = f.result(); });
    for (auto& t : readers)
        t.join();

    BOOST_TEST(seen == std::vector<std::string>(4, "shared"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_06_an_rvalue_moves_the_value_out)
{
    tally_since<counted> const since;
    auto f = ready<counted>(3);

    auto const value = std::move(f).result();

    BOOST_TEST(value.value == 3);
    BOOST_TEST(since().copies == 0);
    BOOST_TEST(since().moves == 1);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_value_that_was_taken_is_not_read_again)
{
    auto f = ready<std::string>("once");
    auto g = f;
    std::string const taken = std::move(f).result(1s);

    BOOST_TEST(taken == "once");
    BOOST_CHECK_THROW(g.result(), cofu::invalid_state_error);
    BOOST_CHECK_THROW(g.result(0s), cofu::invalid_state_error);
    BOOST_CHECK_THROW(cofu::future<std::string>(g).result(), cofu::invalid_state_error);
    BOOST_TEST((g.exception() == nullptr));
    BOOST_TEST(g.done());
}

BOOST_AUTO_TEST_CASE(FUT_06_exactly_one_of_several_takers_gets_the_value)
{
    auto const f = ready<std::unique_ptr<int>>(std::make_unique<int>(1));
    std::atomic<int> got{0}, refused{0};
    auto const take = [&](cofu::future<std::unique_ptr<int>> own) {
        try {
            got += *std::move(own).result();
        } catch (cofu::invalid_state_error const&) {
            ++refused;
        }
    };

    std::thread one(take, f), two(take, f);
    one.join();
    two.join();

    BOOST_TEST(got.load() == 1);
    BOOST_TEST(refused.load() == 1);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_move_only_value)
{
    auto f = ready<std::unique_ptr<int>>(std::make_unique<int>(7));

    int const seen = *f.result();
    auto const taken = std::move(f).result();

    BOOST_TEST(seen == 7);
    BOOST_TEST(*taken == 7);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_value_without_default_constructor)
{
    auto f = ready<no_default>(7);

    BOOST_TEST(f.result().value == 7);
    BOOST_TEST(std::move(f).result().value == 7);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_reference_is_given_again_and_again)
{
    int n = 0;
    auto f = ready<int&>(n);

    f.result() = 1;
    static_assert(std::is_same_v<decltype(f.result()), int&>);
    int& moved = cofu::future<int&>(f).result();

    BOOST_TEST(n == 1);
    BOOST_TEST(&moved == &n);
    BOOST_TEST(&f.result() == &n);
}

BOOST_AUTO_TEST_CASE(FUT_06_void_can_be_read_again_and_again)
{
    auto f = ready<void>();

    static_assert(std::is_void_v<decltype(f.result())>);
    f.result();
    cofu::future<void>(f).result();
    BOOST_CHECK_NO_THROW(f.result(0s));
}

BOOST_AUTO_TEST_CASE(FUT_06_a_move_that_throws_reaches_the_reader)
{
    auto f = ready<throwing_move>(1, 0);

    BOOST_CHECK_THROW(std::move(f).result(), transfer_failed);
}

BOOST_AUTO_TEST_CASE(FUT_06_an_exception_is_thrown_to_every_reader)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    p.set_exception(std::make_exception_ptr(std::out_of_range("too far")));

    BOOST_CHECK_THROW(f.result(), std::out_of_range);
    BOOST_CHECK_THROW(f.result(0s), std::out_of_range);
    BOOST_CHECK_THROW(cofu::future<int>(f).result(), std::out_of_range);
    BOOST_CHECK_THROW(f.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(FUT_07_exception_is_null_for_a_value)
{
    BOOST_TEST((ready<int>(1).exception() == nullptr));
    BOOST_TEST((ready<int>(1).exception(0s) == nullptr));
}

BOOST_AUTO_TEST_CASE(FUT_07_exception_is_the_one_that_was_set)
{
    cofu::promise<int> p;
    auto const error = std::make_exception_ptr(std::out_of_range("too far"));
    p.set_exception(error);

    BOOST_TEST((p.get_future().exception() == error));
    BOOST_TEST((p.get_future().exception(0s) == error));
}

BOOST_AUTO_TEST_CASE(FUT_05_reading_a_cancelled_one_throws_cancelled_error)
{
    cofu::promise<int> p;
    auto f = p.get_future();
    f.cancel();

    BOOST_CHECK_THROW(f.result(), cofu::cancelled_error);
    BOOST_CHECK_THROW(f.result(0s), cofu::cancelled_error);
    BOOST_CHECK_THROW(cofu::future<int>(f).result(), cofu::cancelled_error);
    BOOST_CHECK_THROW(f.exception(), cofu::cancelled_error);
    BOOST_CHECK_THROW(f.exception(0s), cofu::cancelled_error);
}

BOOST_AUTO_TEST_CASE(FUT_06_the_asynchronous_lvalue_form_copies)
{
    manual_context context;
    cofu::promise<counted> p(context.get_executor());
    auto const f = p.get_future();
    p.set_result(4);
    tally_since<counted> const since;
    int got = 0;

    f([&](std::exception_ptr, counted c) { got = c.value; });
    context.run_all();

    BOOST_TEST(got == 4);
    BOOST_TEST(since().copies == 1);
    BOOST_TEST(f.result().value == 4);
}

BOOST_AUTO_TEST_CASE(FUT_06_the_asynchronous_rvalue_form_moves)
{
    manual_context context;
    cofu::promise<std::unique_ptr<int>> p(context.get_executor());
    auto const f = p.get_future();
    p.set_result(std::make_unique<int>(4));
    std::unique_ptr<int> got;
    std::exception_ptr second;

    p.get_future()([&](std::exception_ptr, std::unique_ptr<int> v) { got = std::move(v); });
    p.get_future()([&](std::exception_ptr e, std::unique_ptr<int>) { second = e; });
    context.run_all();

    BOOST_TEST(*got == 4);
    BOOST_CHECK_THROW(std::rethrow_exception(second), cofu::invalid_state_error);
    BOOST_CHECK_THROW(f.result(), cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE(FUT_06_the_asynchronous_rvalue_form_takes_the_handle)
{
    manual_context context;
    cofu::promise<int> p(context.get_executor());
    auto f = p.get_future();
    auto const other = f;
    int got = 0;

    std::move(f)([&](std::exception_ptr, int v) { got = v; });
    bool const is_empty = !f.valid();
    p.set_result(4);
    context.run_all();

    BOOST_TEST(got == 4);
    BOOST_TEST(is_empty);
    BOOST_CHECK_THROW(f.result(), cofu::invalid_state_error);
    BOOST_CHECK_THROW(other.result(), cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_deferred_rvalue_form_keeps_the_call)
{
    manual_context context;
    cofu::promise<int> p(context.get_executor());
    int got = 0;

    auto operation = p.get_future().async_result();
    p.set_result(4);
    std::move(operation)([&](std::exception_ptr, int v) { got = v; });
    context.run_all();

    BOOST_TEST(got == 4);
}

BOOST_AUTO_TEST_SUITE_END()
