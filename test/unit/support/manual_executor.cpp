// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/manual_executor.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;

static_assert(asio::execution::is_executor<manual_executor>::value);

BOOST_AUTO_TEST_SUITE(support_manual_executor)

BOOST_AUTO_TEST_CASE(runs_in_order_and_only_when_told)
{
    manual_context context;
    std::vector<int> ran;
    for (int i : {1, 2, 3})
        asio::post(context, [&ran, i] { ran.push_back(i); });

    BOOST_TEST(ran.empty());
    BOOST_TEST(context.pending() == 3u);
    BOOST_TEST(context.run_one());
    BOOST_TEST(ran == std::vector{1}, boost::test_tools::per_element());
    BOOST_TEST(context.run_all() == 2u);
    BOOST_TEST(ran == (std::vector{1, 2, 3}), boost::test_tools::per_element());
    BOOST_TEST(!context.run_one());
}

BOOST_AUTO_TEST_CASE(dispatch_runs_at_once_only_inside_the_context)
{
    manual_context context;
    int ran = 0;
    asio::dispatch(context, [&] {
        asio::dispatch(context, [&] { ++ran; });
        ran += 10 * ran;
    });

    BOOST_TEST(context.pending() == 1u);
    BOOST_TEST(context.run_one());
    BOOST_TEST(ran == 11);
    BOOST_TEST(context.pending() == 0u);
}

BOOST_AUTO_TEST_CASE(erased_executors_strands_and_bound_handlers_lead_to_it)
{
    manual_context context;
    int ran = 0;
    auto count = [&ran] { ++ran; };

    asio::post(asio::any_io_executor(context.get_executor()), count);
    asio::any_completion_executor(context.get_executor()).execute(count);
    asio::post(asio::make_strand(context), count);
    asio::post(asio::bind_executor(context.get_executor(), count));

    BOOST_TEST(ran == 0);
    context.run_all();
    BOOST_TEST(ran == 4);
}

BOOST_AUTO_TEST_CASE(coroutines_run_on_it)
{
    manual_context context;
    int steps = 0;
    auto body = [](int& count) -> asio::awaitable<void> {
        ++count;
        co_await asio::post(asio::use_awaitable);
        ++count;
    };
    asio::co_spawn(context, body(steps), asio::detached);

    BOOST_TEST(steps == 0);
    context.run_all();
    BOOST_TEST(steps == 2);
    BOOST_TEST(context.outstanding_work() == 0u);
}

BOOST_AUTO_TEST_CASE(counts_outstanding_work)
{
    manual_context context;
    {
        auto tracked =
            asio::prefer(context.get_executor(), asio::execution::outstanding_work.tracked);
        BOOST_TEST(context.outstanding_work() == 1u);
        asio::any_io_executor erased = tracked;
        BOOST_TEST(context.outstanding_work() == 2u);
        tracked = context.get_executor();
        BOOST_TEST(context.outstanding_work() == 1u);
    }
    BOOST_TEST(context.outstanding_work() == 0u);

    auto guard = asio::make_work_guard(context);
    BOOST_TEST(context.outstanding_work() == 1u);
    guard.reset();
    BOOST_TEST(context.outstanding_work() == 0u);
}

BOOST_AUTO_TEST_CASE(refuses_the_kth_function)
{
    manual_context context;
    context.refuse(2);

    asio::post(context, [] {});
    BOOST_CHECK_THROW(asio::post(context, [] {}), execute_refused);
    asio::post(context, [] {});

    BOOST_TEST(context.run_all() == 2u);
}

BOOST_AUTO_TEST_CASE(destroys_what_never_ran)
{
    auto const alive = std::make_shared<int>();
    {
        manual_context context;
        asio::post(context, [alive] {});
        BOOST_TEST(alive.use_count() == 2);
    }
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
