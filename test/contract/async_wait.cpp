// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// async_wait: the same as wait without blocking; abandoning it.

#include "contract/pool_kinds.hpp"
#include "support/counted.hpp"
#include "support/manual_executor.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_future.hpp>
#include <cofu/promise.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace std::chrono_literals;
using cofu::return_when;

namespace {

int twice(int x) { return 2 * x; }

// What a handler was given.
template <class F>
struct record {
    int runs = 0;
    boost::system::error_code error;
    cofu::wait_result<F> split;

    auto handler(asio::any_io_executor executor)
    {
        return asio::bind_executor(std::move(executor),
                                   [this](boost::system::error_code e, cofu::wait_result<F> r) {
                                       ++runs;
                                       error = e;
                                       split = std::move(r);
                                   });
    }
};

bool run(asio::io_context& io)
{
    io.restart();
    io.run_for(default_limit);
    return io.stopped();
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_async_all_completed, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 100; ++i)
        futures.push_back(pool.submit(twice, i));
    record<cofu::future<int>> seen;

    cofu::async_wait(futures, seen.handler(io.get_executor()));

    BOOST_TEST(run(io));
    BOOST_TEST(seen.runs == 1);
    BOOST_TEST(!seen.error);
    BOOST_TEST((seen.split.done == futures));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_async_first_completed, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::promise<void> other;
    record<cofu::future<void>> seen;

    cofu::async_wait(std::vector{busy, other.get_future()}, return_when::first_completed,
                     seen.handler(io.get_executor()));
    other.set_result();

    BOOST_TEST(run(io));
    BOOST_TEST((seen.split.done == std::vector{other.get_future()}));
    BOOST_TEST((seen.split.not_done == std::vector{busy}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_async_first_exception, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(1));
    cofu::promise<int> never;
    auto const value = pool.submit(twice, 1);
    auto const error = pool.submit([](int) -> int { throw std::out_of_range("none"); }, 1);
    record<cofu::future<int>> seen;

    cofu::async_wait(std::vector{never.get_future(), value, error}, return_when::first_exception,
                     seen.handler(io.get_executor()));

    BOOST_TEST(run(io));
    BOOST_TEST((seen.split.done == std::vector{value, error}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_async_expiry_is_no_error, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);

    auto const expires = [&](auto timeout) {
        record<cofu::future<void>> seen;
        cofu::async_wait(std::vector{busy}, timeout, seen.handler(io.get_executor()));
        return run(io) && seen.runs == 1 && !seen.error && seen.split.not_done.size() == 1;
    };

    BOOST_TEST(expires(0s));
    BOOST_TEST(expires(-1h));
    BOOST_TEST(expires(1ms));
    BOOST_TEST(expires(std::chrono::duration<float, std::milli>(0.5f)));
}

BOOST_AUTO_TEST_CASE(WAIT_01_async_timeout_counts_from_the_call)
{
    asio::io_context io;
    cofu::promise<int> never;
    record<cofu::future<int>> seen;
    auto operation = cofu::async_wait(std::vector{never.get_future()}, 1ms);
    BOOST_TEST_REQUIRE(!never.get_future().wait_for(5ms));

    std::move(operation)(seen.handler(io.get_executor()));

    BOOST_TEST(run(io));
    BOOST_TEST(seen.split.not_done.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_async_longest_timeout, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(1));
    record<cofu::future<int>> seen;

    cofu::async_wait(std::vector{pool.submit(twice, 1)}, std::chrono::hours::max(),
                     return_when::first_completed, seen.handler(io.get_executor()));

    BOOST_TEST(run(io));
    BOOST_TEST(seen.split.done.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_02_async_mixes_futures_and_counts_duplicates_once, Kind,
                              pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(1));
    cofu::promise<std::string> promise;
    auto const posted = asio::post(io, cofu::as_future);
    auto const call = pool.submit(twice, 1);
    record<cofu::any_future> seen;

    cofu::async_wait(cofu::any_futures(call, promise.get_future(), posted, call, posted),
                     seen.handler(io.get_executor()));
    promise.set_result("set");

    BOOST_TEST(run(io));
    BOOST_TEST(
        (seen.split.done == std::vector<cofu::any_future>{call, promise.get_future(), posted}));
}

BOOST_AUTO_TEST_CASE(WAIT_02_async_empty_set_completes_at_once)
{
    asio::io_context io;
    record<cofu::future<int>> seen;

    cofu::async_wait(std::vector<cofu::future<int>>(), seen.handler(io.get_executor()));
    int const runs_inside = seen.runs;

    BOOST_TEST(run(io));
    BOOST_TEST(runs_inside == 0);
    BOOST_TEST(seen.runs == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_02_the_handles_are_copied_before_the_call_returns, Kind,
                              pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(1));
    auto futures = std::make_unique<std::vector<cofu::future<int>>>();
    futures->push_back(pool.submit(twice, 21));
    record<cofu::future<int>> seen;

    auto operation = cofu::async_wait(*futures);
    futures.reset();
    std::move(operation)(seen.handler(io.get_executor()));

    BOOST_TEST(run(io));
    BOOST_TEST(seen.split.done.at(0).result() == 42);
}

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_03_async_a_hundred_thousand_futures, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < at_most(100'000); ++i)
        futures.push_back(pool.submit(twice, i));
    record<cofu::future<int>> seen;

    cofu::async_wait(futures, seen.handler(io.get_executor()));

    BOOST_TEST(run(io));
    BOOST_TEST((seen.split.done == futures));
}

BOOST_AUTO_TEST_CASE(ASY_03_every_cancellation_type_abandons_a_wait)
{
    using asio::cancellation_type;
    for (auto const type :
         {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        asio::io_context io;
        cofu::promise<int> promise;
        asio::cancellation_signal signal;
        record<cofu::future<int>> seen;

        cofu::async_wait(
            std::vector{promise.get_future()},
            asio::bind_cancellation_slot(signal.slot(), seen.handler(io.get_executor())));
        signal.emit(type);

        BOOST_TEST(run(io));
        BOOST_TEST(seen.runs == 1);
        BOOST_TEST((seen.error == asio::error::operation_aborted));
        BOOST_TEST(seen.split.not_done.size() == 1u);
        promise.set_result(1);
    }
}

BOOST_AUTO_TEST_CASE(ASY_03_a_cancellation_after_the_end_changes_nothing)
{
    manual_context context;
    cofu::promise<int> promise;
    asio::cancellation_signal signal;
    record<cofu::future<int>> seen;
    cofu::async_wait(
        std::vector{promise.get_future()}, 1h,
        asio::bind_cancellation_slot(signal.slot(), seen.handler(context.get_executor())));

    promise.set_result(1);
    signal.emit(asio::cancellation_type::all);
    context.run_all();

    BOOST_TEST(!seen.error);
    BOOST_TEST(seen.split.done.size() == 1u);
}

BOOST_AUTO_TEST_CASE(ASY_07_a_context_that_dies_destroys_the_handler_unrun)
{
    record<cofu::future<int>> seen;
    cofu::promise<int> before, after;
    {
        manual_context context;
        cofu::async_wait(std::vector{before.get_future()}, 1h,
                         seen.handler(context.get_executor()));
        cofu::async_wait(std::vector{after.get_future()}, 1h, seen.handler(context.get_executor()));
        before.set_result(1);
    }

    after.set_result(1);

    BOOST_TEST(seen.runs == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_09_a_handler_without_an_executor_runs_on_the_first_futures_pool,
                              Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    gate ran;
    bool on_the_pool = false;

    cofu::async_wait(std::vector{pool.submit(twice, 1)},
                     [&](boost::system::error_code, cofu::wait_result<cofu::future<int>>) {
                         on_the_pool = pool.get_executor().running_in_this_thread();
                         ran.open();
                     });

    BOOST_TEST_REQUIRE(ran.try_wait());
    BOOST_TEST(on_the_pool);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WAIT_01_a_coroutine_awaits_the_split, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures{pool.submit(twice, 1), pool.submit(twice, 2)};
    std::size_t count = 0;

    auto body = [&]() -> asio::awaitable<void> {
        auto [done, not_done] = co_await cofu::async_wait(futures, return_when::first_exception);
        auto [still_done, none] =
            co_await cofu::async_wait(futures, 1h, return_when::all_completed, asio::use_awaitable);
        count = done.size() + still_done.size();
    };
    asio::co_spawn(io, body, asio::detached);

    BOOST_TEST(run(io));
    BOOST_TEST(count == 4u);
}
