// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every operation awaited by stackless coroutines.

#include "operations.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <type_traits>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

// Tokens that throw the error and give the values.
template <class Op, class Token>
asio::awaitable<void> await_values(bench& b, Token token, record& seen)
{
    if constexpr (requires { Op::right(); }) {
        co_await Op::start(b, token);
        seen.right += Op::right();
    } else {
        auto value = co_await Op::start(b, token);
        seen.right += Op::right(std::move(value));
    }
    ++seen.runs;
}

// Tokens that give the error and the values as a tuple.
template <class Op, class Token>
asio::awaitable<void> await_tuple(bench& b, Token token, record& seen)
{
    auto all = co_await Op::start(b, token);
    std::apply(recorder<Op>{&seen}, std::move(all));
}

template <class Op, class Token>
void check_values(Token token)
{
    bench b;
    record seen;

    co_spawn(b.io, await_values<Op>(b, token, seen), recorder<sample<void>>{&seen});

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 2);
    BOOST_TEST(seen.right == 2);
}

template <class Op, class Token>
void check_tuple(Token token)
{
    bench b;
    record seen;

    co_spawn(b.io, await_tuple<Op>(b, token, seen), recorder<sample<void>>{&seen});

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 2);
    BOOST_TEST(seen.right == 2);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_use_awaitable, Op, operations)
{
    check_values<Op>(asio::use_awaitable);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_deferred, Op, operations)
{
    check_values<Op>(asio::deferred);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_as_tuple_of_use_awaitable, Op, functions)
{
    check_tuple<Op>(asio::as_tuple(asio::use_awaitable));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_as_tuple_of_deferred, Op, functions)
{
    check_tuple<Op>(asio::as_tuple(asio::deferred));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_redirect_error, Op, functions)
{
    boost::system::error_code ec = boost::asio::error::eof;

    check_values<Op>(asio::redirect_error(asio::use_awaitable, ec));

    // Asio redirects error codes only; exceptions are thrown as ever.
    bool const has_code = std::is_same_v<typename Op::signature, void(boost::system::error_code)>;
    if (has_code)
        BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_bind_cancellation_slot_of_use_awaitable, Op, functions)
{
    asio::cancellation_signal signal;

    check_values<Op>(asio::bind_cancellation_slot(signal.slot(), asio::use_awaitable));

    BOOST_TEST(!signal.slot().has_handler());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_consign_of_deferred, Op, functions)
{
    auto const kept = std::make_shared<int>(0);

    check_values<Op>(asio::consign(asio::deferred, kept));

    BOOST_TEST(kept.use_count() == 1);
}
