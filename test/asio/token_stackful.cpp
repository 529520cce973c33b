// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every operation with a yield_context.

#include <cofu/spawn.hpp>

#include "operations.hpp"
#include "support/sanitizers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

// AddressSanitizer does not know the stacks that Boost.Context makes, and takes an exception thrown
// there for an overflow: https://github.com/google/sanitizers/issues/189
using throws_on_its_own_stack = boost::unit_test::enable_if<!under_asan>;

// Runs f(yield) as a stackful coroutine of the bench's io_context; true: it ended.
template <class F>
bool run_stackful(bench& b, F f)
{
    bool ended = false;
    asio::spawn(
        b.io,
        [&](asio::yield_context yield) {
            f(yield);
            ended = true;
        },
        [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        });
    return b.run() && ended;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_yield_context, Op, functions)
{
    bench b;
    bool right = false;
    auto const body = [&](asio::yield_context yield) {
        if constexpr (requires { Op::right(); }) {
            Op::start(b, yield);
            right = Op::right();
        } else {
            right = Op::right(Op::start(b, yield));
        }
    };

    bool const ended = run_stackful(b, body);

    BOOST_TEST(ended);
    BOOST_TEST(right);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_as_tuple_of_yield_context, Op, functions)
{
    bench b;
    record seen;
    auto const body = [&](asio::yield_context yield) {
        std::apply(recorder<Op>{&seen}, Op::start(b, asio::as_tuple(yield)));
    };

    bool const ended = run_stackful(b, body);

    BOOST_TEST(ended);
    BOOST_TEST(seen.right == 1);
}

BOOST_AUTO_TEST_CASE(ASY_01_yield_context_throws_what_the_call_threw,
                     *throws_on_its_own_stack())
{
    bench b;
    int caught = 0;
    auto const body = [&](asio::yield_context yield) {
        try {
            b.pool.submit([]() -> int { throw std::out_of_range("far"); })(yield);
        } catch (std::out_of_range const&) {
            ++caught;
        }
        try {
            b.pool.submit([] { throw std::out_of_range("far"); })(yield);
        } catch (std::out_of_range const&) {
            ++caught;
        }
    };

    bool const ended = run_stackful(b, body);

    BOOST_TEST(ended);
    BOOST_TEST(caught == 2);
}

BOOST_AUTO_TEST_CASE(ASY_03_a_stackful_wait_is_cancelled, *throws_on_its_own_stack())
{
    bench b;
    cofu::promise<int> never(b.io.get_executor());
    asio::cancellation_signal signal;
    bool aborted = false;
    auto const body = [&](asio::yield_context yield) {
        asio::post(b.io, [&] { signal.emit(asio::cancellation_type::total); });
        try {
            never.get_future()(asio::bind_cancellation_slot(signal.slot(), yield));
        } catch (boost::system::system_error const& e) {
            aborted = e.code() == asio::error::operation_aborted;
        }
    };

    bool const ended = run_stackful(b, body);

    BOOST_TEST(ended);
    BOOST_TEST(aborted);
}
