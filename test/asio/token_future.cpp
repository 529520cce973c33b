// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every operation with tokens that make futures and promises.

#include "operations.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/experimental/promise.hpp>
#include <boost/asio/experimental/use_promise.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

namespace asio = boost::asio;
using namespace cofu::test;

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_use_future, Op, operations)
{
    bench b;

    auto f = Op::start(b, asio::use_future);

    BOOST_REQUIRE(f.wait_for(default_limit) == std::future_status::ready);
    if constexpr (requires { Op::right(); })
        BOOST_CHECK_NO_THROW(f.get());
    else
        BOOST_TEST(Op::right(f.get()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_use_future_on_an_io_context, Op, functions)
{
    bench b;

    auto f = Op::start(b, asio::bind_executor(b.io, asio::use_future));

    BOOST_TEST(b.run());
    if constexpr (requires { Op::right(); })
        BOOST_CHECK_NO_THROW(f.get());
    else
        BOOST_TEST(Op::right(f.get()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_use_promise, Op, functions)
{
    bench b;
    record seen;

    auto promise = Op::start(b, asio::bind_executor(b.io, asio::experimental::use_promise));
    // First: in Asio 1.26 a promise whose handler waits already gives it moved-from values.
    BOOST_TEST(b.run());
    promise(asio::bind_executor(b.io, recorder<Op>{&seen}));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 1);
    BOOST_TEST(seen.right == 1);
}
