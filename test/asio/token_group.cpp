// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every operation inside parallel groups and the operators of awaitables.

#include "operations.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace asio::experimental::awaitable_operators;

namespace {

// A group's handlers run where the operations complete: on one thread here.
template <class Op>
auto on_io(bench& b)
{
    return Op::start(b, asio::bind_executor(b.io, asio::deferred));
}

template <class Op>
asio::awaitable<void> await_both(bench& b, record& seen)
{
    if constexpr (requires { Op::right(); }) {
        co_await (Op::start(b, asio::use_awaitable) && Op::start(b, asio::use_awaitable));
        seen.right += Op::right();
    } else {
        auto both =
            co_await (Op::start(b, asio::use_awaitable) && Op::start(b, asio::use_awaitable));
        seen.right += Op::right(std::move(std::get<0>(both)))
                      && Op::right(std::move(std::get<1>(both)));
    }
}

asio::awaitable<void> never(asio::steady_timer& timer)
{
    co_await timer.async_wait(asio::use_awaitable);
}

template <class Op>
asio::awaitable<void> await_either(bench& b, record& seen)
{
    asio::steady_timer timer(b.io, asio::steady_timer::time_point::max());
    auto either = co_await (Op::start(b, asio::use_awaitable) || never(timer));
    if constexpr (requires { Op::right(); })
        seen.right += either.index() == 0 && Op::right();
    else
        seen.right += either.index() == 0 && Op::right(std::move(std::get<0>(either)));
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_static_parallel_group, Op, functions)
{
    bench b;
    record seen;
    auto handler = [&](std::array<std::size_t, 2> const&, auto const&... all) {
        auto const each = std::forward_as_tuple(all...);
        constexpr auto half = sizeof...(all) / 2;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            recorder<Op>{&seen}(std::get<I>(each)...);
            recorder<Op>{&seen}(std::get<half + I>(each)...);
        }(std::make_index_sequence<half>());
    };

    asio::experimental::make_parallel_group(on_io<Op>(b), on_io<Op>(b))
        .async_wait(asio::experimental::wait_for_all(), asio::bind_executor(b.io, handler));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 2);
    BOOST_TEST(seen.right == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_ranged_parallel_group, Op, functions)
{
    bench b;
    record seen;
    std::vector<decltype(on_io<Op>(b))> all;
    for (int i = 0; i < 3; ++i)
        all.push_back(on_io<Op>(b));
    auto handler = [&](std::vector<std::size_t> const&, auto const& errors, auto const&... values) {
        for (std::size_t i = 0; i < errors.size(); ++i)
            recorder<Op>{&seen}(errors[i], values[i]...);
    };

    asio::experimental::make_parallel_group(std::move(all))
        .async_wait(asio::experimental::wait_for_all(), asio::bind_executor(b.io, handler));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 3);
    BOOST_TEST(seen.right == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_operator_and, Op, functions)
{
    bench b;
    record seen;

    co_spawn(b.io, await_both<Op>(b, seen), recorder<sample<void>>{&seen});

    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_operator_or, Op, functions)
{
    bench b;
    record seen;

    co_spawn(b.io, await_either<Op>(b, seen), recorder<sample<void>>{&seen});

    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 2);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_group_of_futures_reads_its_copies_as_rvalues)
{
    bench b;
    record seen;
    auto first = b.pool.submit([] { return 42; });
    auto second = b.pool.submit([] { return std::make_unique<int>(42); });
    auto handler = [&](std::array<std::size_t, 2> const&, std::exception_ptr e0, int v0,
                       std::exception_ptr e1, std::unique_ptr<int> v1) {
        recorder<sample<int>>{&seen}(e0, v0);
        recorder<sample<std::unique_ptr<int>>>{&seen}(e1, v1);
    };

    // Their handlers run on a pool of several threads, and are only counted there.
    asio::experimental::make_parallel_group(first, second)
        .async_wait(asio::experimental::wait_for_all(), asio::bind_executor(b.io, handler));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 2);
    BOOST_CHECK_THROW(first.result(), cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_group_of_lvalue_results_keeps_the_futures)
{
    bench b;
    record seen;
    auto first = b.pool.submit([] { return 42; });
    auto handler = [&](std::array<std::size_t, 2> const&, std::exception_ptr e0, int v0,
                       std::exception_ptr e1, int v1) {
        recorder<sample<int>>{&seen}(e0, v0);
        recorder<sample<int>>{&seen}(e1, v1);
    };

    asio::experimental::make_parallel_group(first.async_result(), first.async_result())
        .async_wait(asio::experimental::wait_for_all(), asio::bind_executor(b.io, handler));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 2);
    BOOST_TEST(first.result() == 42);
}
