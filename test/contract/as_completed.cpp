// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// as_completed as a blocking range: the order, the timeout, what is added meanwhile.

#include "contract/pool_kinds.hpp"
#include "support/counted.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/as_future.hpp>
#include <cofu/promise.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

int twice(int x) { return 2 * x; }

template <class F>
std::vector<F> drain(cofu::completion_stream<F>& stream)
{
    std::vector<F> given;
    for (auto const& f : stream)
        given.push_back(f);
    return given;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_each_future_is_given_once, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 1000; ++i)
        futures.push_back(pool.submit(twice, i));

    std::multiset<int> values;
    for (auto f : cofu::as_completed(futures))
        values.insert(f.result());

    BOOST_TEST(values.size() == 1000u);
    BOOST_TEST((std::set(values.begin(), values.end()).size() == 1000u));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_finished_ones_come_first, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::promise<void> finished, cancelled;
    finished.set_result();
    cancelled.get_future().cancel();
    std::vector const futures{busy, finished.get_future(), cancelled.get_future()};
    auto stream = cofu::as_completed(futures);

    auto const first = stream.next();
    auto const second = stream.next();
    gate.open();
    auto const third = stream.next();

    BOOST_TEST((first == futures[1]));
    BOOST_TEST((second == futures[2]));
    BOOST_TEST((third == busy));
    BOOST_TEST(!stream.next());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_then_in_order_of_completion, Kind, pool_kinds)
{
    arrivals told;  // callbacks run when streams were told
    std::size_t opened = 0;
    typename Kind::pool pool(Kind::workers(4));
    std::vector<typename Kind::gate> gates(4);
    std::vector<cofu::future<void>> futures;
    for (auto& g : gates)
        futures.push_back(occupy<Kind>(pool, g));
    auto stream = cofu::as_completed(futures);

    std::vector<std::size_t> const order{2, 0, 3, 1};
    for (auto const i : order) {
        futures[i].add_done_callback([&](auto) { told.arrive(); });
        gates[i].open();
        told.wait_for_count(++opened);
    }
    auto const given = drain(stream);

    BOOST_TEST_REQUIRE(given.size() == 4u);
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST((given[i] == futures[order[i]]));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_duplicates_are_given_once, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto const a = pool.submit(twice, 1);
    auto const b = pool.submit(twice, 2);
    auto stream = cofu::as_completed(std::vector{a, b, a, b, a});

    auto const given = drain(stream);

    BOOST_TEST(given.size() == 2u);
}

BOOST_AUTO_TEST_CASE(ASC_01_an_empty_range_ends_at_once)
{
    auto stream = cofu::as_completed(std::vector<cofu::future<int>>());

    BOOST_TEST(!stream.next());
    BOOST_TEST(stream.remaining() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_futures_of_different_pools_and_types_mix, Kind, pool_kinds)
{
    typename Kind::pool one(Kind::workers(1));
    typename Kind::pool two(Kind::workers(1));
    cofu::promise<std::string> promise;
    auto stream = cofu::as_completed(
        cofu::any_futures(one.submit(twice, 1), two.submit([](int) {}, 1), promise.get_future(),
                          boost::asio::post(two.get_executor(), cofu::as_future)));
    promise.set_result("set");

    auto const given = drain(stream);

    BOOST_TEST(given.size() == 4u);
    BOOST_TEST((std::ranges::find(given, cofu::any_future(promise.get_future())) != given.end()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_nothing_given_is_kept_alive, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::vector<cofu::future<std::shared_ptr<int>>> futures;
    for (int i = 0; i < 3; ++i)
        futures.push_back(pool.submit([](int v) { return std::make_shared<int>(v); }, i));
    auto stream = cofu::as_completed(futures);
    futures.clear();
    pool.shutdown();  // no worker holds a call any more

    std::vector<std::weak_ptr<int>> seen;
    std::vector<bool> dead_before_the_next;
    for (auto i = stream.begin(); i != stream.end(); ++i) {
        for (auto const& w : seen)
            dead_before_the_next.push_back(w.expired());
        seen.push_back((*i).result());
    }

    BOOST_TEST(seen.size() == 3u);
    BOOST_TEST(std::ranges::count(dead_before_the_next, true) == 3);
    BOOST_TEST(seen.back().expired());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_a_stream_outlives_the_pool, Kind, pool_kinds)
{
    auto pool = std::make_unique<typename Kind::pool>(Kind::workers(1));
    auto stream = cofu::as_completed(std::vector{pool->submit(twice, 21)});
    pool.reset();

    BOOST_TEST(stream.next().result() == 42);
    BOOST_TEST(!stream.next());
}

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_a_hundred_thousand_futures, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < at_most(100'000); ++i)
        futures.push_back(pool.submit(twice, i));

    long long sum = 0;
    for (auto f : cofu::as_completed(futures))
        sum += f.result();

    auto const n = static_cast<long long>(futures.size());
    BOOST_TEST(sum == n * (n - 1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_02_expiry_tells_how_many_are_unfinished, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    cofu::promise<void> never, a, b, c;
    a.set_result();
    b.set_result();
    c.get_future().cancel();
    auto stream = cofu::as_completed(
        std::vector{a.get_future(), busy, b.get_future(), never.get_future(), c.get_future()}, 1ms);

    std::size_t given = 0;
    std::string text;
    try {
        for (auto const& f : stream)
            given += f.done();
    } catch (cofu::timeout_error const& e) {
        text = e.what();
    }

    BOOST_TEST(given == 3u);
    BOOST_TEST(text.find("2 (of 5) futures unfinished") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(ASC_02_finished_ones_are_given_even_after_the_time)
{
    cofu::promise<int> never, set;
    set.set_result(1);
    for (auto const timeout : {0ms, -1000ms, 1ms}) {
        auto stream =
            cofu::as_completed(std::vector{never.get_future(), set.get_future()}, timeout);
        BOOST_TEST(!never.get_future().wait_for(2ms));

        BOOST_TEST((stream.next() == set.get_future()));
        BOOST_CHECK_THROW(stream.next(), cofu::timeout_error);
        BOOST_CHECK_THROW(stream.next(), cofu::timeout_error);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_02_any_duration_is_a_timeout, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::promise<int> never;

    auto short_time = cofu::as_completed(std::vector{never.get_future()},
                                         std::chrono::duration<float, std::milli>(0.5f));
    auto no_limit =
        cofu::as_completed(std::vector{pool.submit(twice, 21)}, std::chrono::hours::max());

    BOOST_CHECK_THROW(short_time.next(), cofu::timeout_error);
    BOOST_TEST(no_limit.next().result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_03_what_is_added_while_iterating_is_given, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    auto stream = cofu::as_completed(std::vector{pool.submit(twice, 0)});

    int given = 0;
    for (auto const& f : stream)
        if (++given < 10)
            stream.add(pool.submit(twice, f.result() + 1));

    BOOST_TEST(given == 10);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_03_an_open_stream_ends_after_close_and_when_empty, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);
    std::vector<int> values;
    bool ended = false;
    std::thread consumer([&] {
        while (auto f = stream.next())
            values.push_back(f.result());
        ended = true;
    });

    for (int i = 0; i < 3; ++i) {
        auto const f = pool.submit(twice, i);
        stream.add(f);
        f.wait();
    }
    auto const empty = poll_until([&] { return stream.remaining() == 0; });
    stream.close();
    consumer.join();

    BOOST_TEST(empty);
    BOOST_TEST(ended);
    BOOST_TEST((values == std::vector{0, 2, 4}));
}

BOOST_AUTO_TEST_CASE(ASC_03_add_to_a_closed_stream_is_refused)
{
    cofu::promise<int> promise;
    cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);
    stream.add(promise.get_future());
    stream.close();

    BOOST_CHECK_THROW(stream.add(cofu::promise<int>().get_future()), cofu::invalid_state_error);
    promise.set_result(1);

    BOOST_TEST((stream.next() == promise.get_future()));
    BOOST_TEST(!stream.next());
}

BOOST_AUTO_TEST_CASE(ASC_03_an_open_stream_with_a_timeout)
{
    cofu::promise<int> set;
    set.set_result(1);
    cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open, 1ms);
    stream.add(set.get_future());

    BOOST_TEST((stream.next() == set.get_future()));
    BOOST_CHECK_THROW(stream.next(), cofu::timeout_error);
}

BOOST_AUTO_TEST_CASE(ASC_03_an_empty_future_is_refused)
{
    cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);

    BOOST_CHECK_THROW(stream.add(cofu::future<int>()), cofu::invalid_state_error);
    BOOST_CHECK_THROW(cofu::as_completed(std::vector{cofu::future<int>()}),
                      cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_03_consumers_share_a_stream, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<int>> futures;
    for (int i = 0; i < 1000; ++i)
        futures.push_back(pool.submit(twice, i));
    auto stream = cofu::as_completed(futures);

    std::vector<std::vector<cofu::future<int>>> given(3);
    std::vector<std::thread> consumers;
    for (auto& mine : given)
        consumers.emplace_back([&stream, &mine] {
            while (auto f = stream.next())
                mine.push_back(f);
        });
    for (auto& c : consumers)
        c.join();

    std::vector<cofu::future<int>> all;
    for (auto const& mine : given)
        all.insert(all.end(), mine.begin(), mine.end());
    BOOST_TEST((std::ranges::is_permutation(all, futures)));
}

BOOST_AUTO_TEST_CASE(ASC_02_every_consumer_gets_the_timeout)
{
    cofu::promise<int> never;
    auto stream = cofu::as_completed(std::vector{never.get_future()}, 5ms);
    std::atomic<int> timeouts = 0;
    std::vector<std::thread> consumers;

    for (int i = 0; i < 3; ++i)
        consumers.emplace_back([&] {
            try {
                stream.next();
            } catch (cofu::timeout_error const&) {
                ++timeouts;
            }
        });
    for (auto& c : consumers)
        c.join();

    BOOST_TEST(timeouts.load() == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_03_abandoning_deregisters_everything, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    for (std::size_t given = 0; given <= 3; ++given) {
        typename Kind::gate gate;
        auto const busy = occupy<Kind>(pool, gate);
        std::vector<cofu::future<int>> futures{pool.submit(twice, 1), pool.submit(twice, 2)};
        cofu::promise<int> set;
        set.set_result(3);
        futures.push_back(set.get_future());
        {
            auto stream = cofu::as_completed(futures);
            if (given > 1)
                gate.open();
            for (std::size_t i = 0; i < given; ++i)
                stream.next();
        }
        gate.open();
        for (auto const& f : futures)
            BOOST_TEST(!f.exception(default_limit));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_next_on_a_worker_is_an_interruption_point, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::promise<int> never;
    typename Kind::gate gate;
    auto waits = pool.submit(
        [](typename Kind::gate::handle g, cofu::future<int> f) {
            auto stream = cofu::as_completed(std::vector{f}, 1h);
            g.arrive();
            stream.next();
        },
        gate.get_handle(), never.get_future());
    gate.wait_for_arrivals(1);

    waits.request_stop();

    BOOST_CHECK_THROW(waits.result(default_limit), cofu::cancelled_error);
    never.set_result(1);
}

// The seed: a dictionary from futures to inputs, one of which fails; the rest goes on.
BOOST_AUTO_TEST_CASE_TEMPLATE(ASC_01_a_failing_call_does_not_end_the_loop, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    std::unordered_map<cofu::future<int>, int> inputs;
    for (int i = 0; i < 100; ++i)
        inputs.emplace(pool.submit(
                           [](int x) {
                               if (x == 50)
                                   throw std::runtime_error("fifty");
                               return x * x;
                           },
                           i),
                       i);

    int right = 0;
    std::vector<int> failed;
    for (auto const& f : cofu::as_completed(std::views::keys(inputs))) {
        auto const input = inputs.at(f);
        try {
            right += f.result() == input * input;
        } catch (std::runtime_error const&) {
            failed.push_back(input);
        }
    }

    BOOST_TEST(right == 99);
    BOOST_TEST((failed == std::vector{50}));
}
