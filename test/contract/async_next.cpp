// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// async_next of a completion_stream: consumers of several kinds share one stream, abandon it, and
// get its end.

#include "contract/pool_kinds.hpp"
#include "support/leak_guard.hpp"
#include "support/manual_executor.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/promise.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace std::chrono_literals;
using int_stream = cofu::completion_stream<cofu::future<int>>;

namespace {

int twice(int x) { return 2 * x; }

bool run(asio::io_context& io, std::chrono::nanoseconds limit = default_limit)
{
    io.restart();
    io.run_for(limit);
    return io.stopped();
}

// What one async_next was given.
struct record {
    int runs = 0;
    boost::system::error_code error;
    cofu::future<int> given;

    auto handler(asio::any_io_executor executor)
    {
        return asio::bind_executor(std::move(executor),
                                   [this](boost::system::error_code e, cofu::future<int> f) {
                                       ++runs;
                                       error = e;
                                       given = std::move(f);
                                   });
    }
};

asio::awaitable<void> drain(int_stream& stream, std::vector<cofu::future<int>>& given)
{
    while (auto f = co_await stream.async_next())
        given.push_back(f);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_a_coroutine_gets_each_future_once, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures, given;
    for (int i = 0; i < 1000; ++i)
        futures.push_back(pool.submit(twice, i));
    auto stream = cofu::as_completed(futures);

    asio::co_spawn(io, drain(stream, given), asio::detached);

    BOOST_TEST(run(io));
    BOOST_TEST((std::ranges::is_permutation(given, futures)));
}

BOOST_AUTO_TEST_CASE(ASC_01_async_in_order_of_completion)
{
    manual_context context;
    std::vector<cofu::promise<int>> promises(4);
    std::vector<cofu::future<int>> futures, given;
    for (auto& p : promises)
        futures.push_back(p.get_future());
    promises[3].set_result(3);
    auto stream = cofu::as_completed(futures);
    asio::co_spawn(context.get_executor(), drain(stream, given), asio::detached);

    for (auto const i : {2u, 0u, 1u})
        promises[i].set_result(0);
    context.run_all();

    BOOST_TEST((given == std::vector{futures[3], futures[2], futures[0], futures[1]}));
}

BOOST_TEST_DECORATOR(*time_limit(110))
BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_async_a_hundred_thousand_futures, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures, given;
    for (int i = 0; i < at_most(100'000); ++i)
        futures.push_back(pool.submit(twice, i));
    auto stream = cofu::as_completed(futures);

    asio::co_spawn(io, drain(stream, given), asio::detached);

    BOOST_TEST(run(io, 100s));
    BOOST_TEST(given.size() == futures.size());
}

BOOST_AUTO_TEST_CASE(ASC_01_async_nothing_given_is_kept_alive)
{
    asio::io_context io;
    std::vector<cofu::promise<std::shared_ptr<int>>> promises(3);
    std::vector<cofu::future<std::shared_ptr<int>>> futures;
    std::vector<std::weak_ptr<int>> seen;
    for (auto& p : promises) {
        futures.push_back(p.get_future());
        p.set_result(std::make_shared<int>(1));
    }
    auto stream = cofu::as_completed(futures);
    futures.clear();
    promises.clear();
    bool dead_at_once = true;

    auto body = [&]() -> asio::awaitable<void> {
        while (auto f = co_await stream.async_next()) {
            seen.push_back(f.result());
            f = {};
            dead_at_once = dead_at_once && seen.back().expired();
        }
    };
    asio::co_spawn(io, body, asio::detached);

    BOOST_TEST(run(io));
    BOOST_TEST(seen.size() == 3u);
    BOOST_TEST(dead_at_once);
}

BOOST_AUTO_TEST_CASE(ASC_02_async_expiry)
{
    asio::io_context io;
    cofu::promise<int> never, set;
    set.set_result(1);
    auto stream = cofu::as_completed(std::vector{never.get_future(), set.get_future()}, 1ms);
    record first, second, third;

    for (auto* r : {&first, &second, &third}) {
        stream.async_next(r->handler(io.get_executor()));
        BOOST_TEST(run(io));
    }

    BOOST_TEST((!first.error && first.given == set.get_future()));
    BOOST_TEST((second.error == cofu::errc::timed_out && !second.given));
    BOOST_TEST((third.error == cofu::errc::timed_out && !third.given));
}

BOOST_AUTO_TEST_CASE(ASC_02_every_consumer_of_a_kind_gets_the_timeout)
{
    asio::io_context io;
    cofu::promise<int> never;
    auto stream = cofu::as_completed(std::vector{never.get_future()}, 5ms);
    std::vector<record> consumers(3);
    std::atomic<bool> blocking_too = false;
    std::thread blocking([&] {
        try {
            stream.next();
        } catch (cofu::timeout_error const&) {
            blocking_too = true;
        }
    });

    for (auto& c : consumers)
        stream.async_next(c.handler(io.get_executor()));
    bool const ended = run(io);
    blocking.join();

    BOOST_TEST(ended);
    for (auto const& c : consumers)
        BOOST_TEST((c.error == cofu::errc::timed_out));
    BOOST_TEST(blocking_too.load());
}

BOOST_AUTO_TEST_CASE(ASC_03_consumers_are_served_in_turn_and_all_get_the_end)
{
    manual_context context;
    std::vector<cofu::promise<int>> promises(2);
    int_stream stream(cofu::keep_open);
    std::vector<record> consumers(4);
    for (auto& c : consumers)
        stream.async_next(c.handler(context.get_executor()));

    for (auto& p : promises) {
        stream.add(p.get_future());
        p.set_result(1);
    }
    stream.close();
    context.run_all();

    BOOST_TEST((consumers[0].given == promises[0].get_future()));
    BOOST_TEST((consumers[1].given == promises[1].get_future()));
    for (auto const* c : {&consumers[2], &consumers[3]})
        BOOST_TEST((c->runs == 1 && !c->error && !c->given));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_03_coroutines_and_threads_share_a_stream, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures, one, two, three;
    for (int i = 0; i < 1000; ++i)
        futures.push_back(pool.submit(twice, i));
    auto stream = cofu::as_completed(futures);

    std::thread consumer([&] {
        while (auto f = stream.next())
            one.push_back(f);
    });
    asio::co_spawn(io, drain(stream, two), asio::detached);
    asio::co_spawn(io, drain(stream, three), asio::detached);
    bool const ended = run(io);
    consumer.join();

    BOOST_TEST(ended);
    one.insert(one.end(), two.begin(), two.end());
    one.insert(one.end(), three.begin(), three.end());
    BOOST_TEST((std::ranges::is_permutation(one, futures)));
}

BOOST_AUTO_TEST_CASE(ASY_03_cancelling_gives_up_the_turn_and_loses_nothing)
{
    manual_context context;
    cofu::promise<int> promise;
    asio::cancellation_signal signal;
    auto stream = cofu::as_completed(std::vector{promise.get_future()}, 1h);
    record first, second;
    stream.async_next(
        asio::bind_cancellation_slot(signal.slot(), first.handler(context.get_executor())));
    stream.async_next(second.handler(context.get_executor()));

    signal.emit(asio::cancellation_type::partial);
    promise.set_result(1);
    context.run_all();

    BOOST_TEST((first.error == asio::error::operation_aborted && !first.given));
    BOOST_TEST((second.given == promise.get_future()));
    BOOST_TEST(!stream.next());
}

BOOST_AUTO_TEST_CASE(ASY_03_a_cancellation_after_the_handing_over_changes_nothing)
{
    manual_context context;
    cofu::promise<int> promise;
    asio::cancellation_signal signal;
    auto stream = cofu::as_completed(std::vector{promise.get_future()});
    record seen;
    stream.async_next(
        asio::bind_cancellation_slot(signal.slot(), seen.handler(context.get_executor())));

    promise.set_result(1);
    signal.emit(asio::cancellation_type::all);
    context.run_all();

    BOOST_TEST((!seen.error && seen.given == promise.get_future()));
}

BOOST_AUTO_TEST_CASE(ASY_07_a_context_that_dies_gives_up_its_turns)
{
    cofu::promise<int> promise;
    auto stream = cofu::as_completed(std::vector{promise.get_future()});
    record seen;
    {
        manual_context context;
        stream.async_next(seen.handler(context.get_executor()));
    }

    promise.set_result(1);

    BOOST_TEST(seen.runs == 0);
    BOOST_TEST((stream.next() == promise.get_future()));
}

BOOST_AUTO_TEST_CASE(ASC_03_abandoning_a_stream_lets_outstanding_consumers_end)
{
    manual_context context;
    cofu::promise<int> promise;
    record first, second;
    {
        int_stream stream(cofu::keep_open);
        stream.add(promise.get_future());
        stream.async_next(first.handler(context.get_executor()));
        stream.async_next(second.handler(context.get_executor()));
    }

    promise.set_result(1);
    context.run_all();

    BOOST_TEST((first.given == promise.get_future()));
    BOOST_TEST((second.runs == 1 && !second.given && !second.error));
}

BOOST_AUTO_TEST_CASE(ASC_03_move_assignment_abandons_the_old_stream)
{
    manual_context context;
    cofu::promise<int> promise;
    promise.set_result(1);
    record seen;
    int_stream stream(cofu::keep_open);
    stream.async_next(seen.handler(context.get_executor()));

    stream = cofu::as_completed(std::vector{promise.get_future()});
    context.run_all();

    BOOST_TEST((seen.runs == 1 && !seen.given));
    BOOST_TEST((stream.next() == promise.get_future()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_09_without_an_executor_on_the_pool_while_it_lives, Kind,
                              shared_memory_pool_kinds)
{
    allow_process_wide([] { asio::post(asio::system_executor(), asio::use_future).get(); });
    std::optional<typename Kind::pool> pool(std::in_place, Kind::workers(1));
    auto stream = cofu::as_completed(std::vector{pool->submit(twice, 1)});
    gate item, end;
    bool on_the_pool = false;
    bool ended = false;

    stream.async_next([&](boost::system::error_code, cofu::future<int>) {
        on_the_pool = pool->get_executor().running_in_this_thread();
        item.open();
    });
    BOOST_TEST_REQUIRE(item.try_wait());
    pool.reset();
    stream.async_next([&](boost::system::error_code e, cofu::future<int> f) {
        ended = !e && !f;
        end.open();
    });

    BOOST_TEST_REQUIRE(end.try_wait());
    BOOST_TEST(on_the_pool);
    BOOST_TEST(ended);
}
