// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/tracker_executor.hpp"

#include "support/manual_executor.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

namespace asio = boost::asio;
using namespace cofu::test;

static_assert(asio::execution::is_executor<tracker_executor>::value);

BOOST_AUTO_TEST_SUITE(support_tracker_executor)

BOOST_AUTO_TEST_CASE(counts_and_places_what_ran)
{
    manual_context context;
    tracker_executor const tracker{context.get_executor()};
    bool inside = false;
    asio::post(
        asio::bind_executor(tracker, [&] { inside = tracker.log().running_in_this_thread(); }));

    BOOST_TEST(tracker.log().given() == 1u);
    BOOST_TEST(tracker.log().ran() == 0u);
    context.run_all();

    BOOST_TEST(tracker.log().ran() == 1u);
    BOOST_TEST(inside);
    BOOST_TEST(!tracker.log().running_in_this_thread());
    BOOST_TEST((tracker.log().threads().front() == std::this_thread::get_id()));
    BOOST_TEST(tracker.log().ran_inside_initiation() == 0u);
}

BOOST_AUTO_TEST_CASE(tells_what_ran_inside_an_initiating_function)
{
    manual_context context;
    tracker_executor const tracker{context.get_executor()};
    asio::post(context, [&] {
        initiation_scope initiating;
        asio::dispatch(tracker, [] {});
    });
    context.run_all();

    BOOST_TEST(tracker.log().ran_inside_initiation() == 1u);
}

BOOST_AUTO_TEST_CASE(erased_and_strand_copies_share_the_log)
{
    asio::io_context context;
    tracker_executor const tracker{context.get_executor()};
    asio::post(asio::any_io_executor(tracker), [] {});
    asio::any_completion_executor(tracker).execute([] {});
    asio::post(asio::make_strand(tracker), [] {});
    context.run();

    BOOST_TEST(tracker.log().ran() == 3u);
}

BOOST_AUTO_TEST_CASE(tracked_copies_are_work_of_the_inner_context)
{
    manual_context context;
    tracker_executor const tracker{context.get_executor()};
    {
        auto const work = asio::prefer(tracker, asio::execution::outstanding_work.tracked);
        BOOST_TEST(context.outstanding_work() == 1u);
    }
    BOOST_TEST(context.outstanding_work() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
