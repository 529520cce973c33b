// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A completion_stream over promises.

#define BOOST_CHRONO_HEADER_ONLY  // for sleep_for

#include "support/gate.hpp"
#include "support/manual_executor.hpp"
#include "support/poll.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/promise.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace std::chrono_literals;
using int_stream = cofu::completion_stream<cofu::future<int>>;

namespace {

// A range of futures that does something before it gives each.
template <class F>
auto with_effect(std::vector<cofu::future<int>> const& futures, F effect)
{
    return std::views::iota(std::size_t{0}, futures.size())
           | std::views::transform([&futures, effect](std::size_t i) {
                 effect(i);
                 return futures[i];
             });
}

std::vector<cofu::future<int>> futures_of(std::vector<cofu::promise<int>>& promises)
{
    std::vector<cofu::future<int>> futures;
    for (auto& p : promises)
        futures.push_back(p.get_future());
    return futures;
}

}  // namespace

BOOST_AUTO_TEST_CASE(ASC_01_finished_ones_come_before_those_that_end_during_the_call)
{
    std::vector<cofu::promise<int>> promises(3);
    auto const futures = futures_of(promises);
    promises[2].set_result(2);

    auto stream = cofu::as_completed(with_effect(futures, [&](std::size_t i) {
        if (i == 1)
            promises[0].set_result(0);
    }));

    BOOST_TEST((stream.next() == futures[2]));
    BOOST_TEST((stream.next() == futures[0]));
}

BOOST_AUTO_TEST_CASE(ASC_01_finished_ones_come_in_the_order_given)
{
    std::vector<cofu::promise<int>> promises(3);
    auto const futures = futures_of(promises);
    for (auto const i : {2u, 0u, 1u})
        promises[i].set_result(0);

    auto stream = cofu::as_completed(futures);

    for (auto const& f : futures)
        BOOST_TEST((stream.next() == f));
}

BOOST_AUTO_TEST_CASE(ASC_01_remaining_counts_what_was_not_given)
{
    std::vector<cofu::promise<int>> promises(3);
    auto stream = cofu::as_completed(futures_of(promises));
    promises[0].set_result(0);
    auto const before = stream.remaining();

    stream.next();

    BOOST_TEST(before == 3u);
    BOOST_TEST(stream.remaining() == 2u);
}

BOOST_AUTO_TEST_CASE(ASC_01_a_range_that_throws_leaves_nothing_behind)
{
    std::vector<cofu::promise<int>> promises(3);
    auto const futures = futures_of(promises);
    auto const throwing = with_effect(futures, [](std::size_t i) {
        if (i == 2)
            throw std::runtime_error("no more");
    });

    BOOST_CHECK_THROW(cofu::as_completed(throwing), std::runtime_error);
    for (auto& p : promises)
        p.set_result(0);

    BOOST_TEST(futures[0].done());
}

BOOST_AUTO_TEST_CASE(ASC_03_one_that_waits_already_is_not_added_again)
{
    cofu::promise<int> promise;
    int_stream stream(cofu::keep_open);

    stream.add(promise.get_future());
    stream.add(promise.get_future());
    promise.set_result(1);
    stream.add(promise.get_future());
    stream.close();

    BOOST_TEST((stream.next() == promise.get_future()));
    BOOST_TEST(!stream.next());
}

BOOST_AUTO_TEST_CASE(ASC_03_storage_is_used_again)
{
    int_stream stream(cofu::keep_open);
    for (int i = 0; i < 1000; ++i) {
        cofu::promise<int> promise;
        stream.add(promise.get_future());
        promise.set_result(i);
        BOOST_TEST(stream.next().result() == i);
    }
}

BOOST_AUTO_TEST_CASE(ASC_03_a_stream_can_be_moved)
{
    cofu::promise<int> promise;
    auto first = cofu::as_completed(std::vector{promise.get_future()});

    auto second = std::move(first);
    promise.set_result(1);

    BOOST_TEST((second.next() == promise.get_future()));
}

BOOST_AUTO_TEST_CASE(ASC_03_close_wakes_a_blocking_consumer)
{
    int_stream stream(cofu::keep_open);
    bool ended = false;
    std::thread consumer([&] { ended = !stream.next(); });

    stream.close();
    consumer.join();

    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(ASC_01_any_futures_keep_their_type)
{
    cofu::promise<int> number;
    cofu::promise<std::string> word;
    number.set_result(42);
    word.set_result("word");
    auto stream = cofu::as_completed(cofu::any_futures(number.get_future(), word.get_future()));

    auto const first = stream.next();
    auto const second = stream.next();

    BOOST_TEST(first.as<int>().result() == 42);
    BOOST_TEST(second.as<std::string>().result() == "word");
}

// The consumer may end the stream as soon as it has its last future, while the one who completed
// that one is still on its way out.
BOOST_AUTO_TEST_CASE(ASC_03_the_last_future_given_may_end_the_stream)
{
    for (int i = 0; i < 2000; ++i) {
        cofu::promise<int> promise;
        std::thread consumer([f = promise.get_future()] {
            auto stream = cofu::as_completed(std::vector{f});
            stream.next();
        });
        promise.set_result(i);
        consumer.join();
    }
}

BOOST_AUTO_TEST_CASE(FUT_13_an_interruption_loses_no_future)
{
    for (int round = 0; round < 500; ++round) {
        cofu::promise<int> promise;
        int_stream stream(cofu::keep_open);
        stream.add(promise.get_future());
        stream.close();
        int given = 0;
        bool interrupted = false;
        boost::thread consumer([&] {
            try {
                given += stream.next().valid();
                boost::this_thread::sleep_for(boost::chrono::hours(1));
            } catch (boost::thread_interrupted const&) {
                interrupted = true;
            }
        });

        std::thread setter([&] { promise.set_result(1); });
        consumer.interrupt();
        consumer.join();
        setter.join();
        if (given == 0)
            given += stream.next().valid();

        BOOST_TEST_REQUIRE(given == 1);
        BOOST_TEST_REQUIRE(interrupted);
    }
}
BOOST_AUTO_TEST_CASE(ASC_01_duplicates_are_given_once_also_by_the_second_stream)
{
    std::vector<cofu::promise<int>> promises(3);
    auto futures = futures_of(promises);
    promises[0].set_result(0);
    auto first = cofu::as_completed(futures);
    futures.push_back(futures[0]);
    futures.push_back(futures[2]);

    auto second = cofu::as_completed(futures);

    BOOST_TEST(first.remaining() == 3u);
    BOOST_TEST(second.remaining() == 3u);
    promises[1].set_result(1);
    promises[2].set_result(2);
    for (auto* stream : {&first, &second})
        for (int i = 0; i < 3; ++i) {
            auto const f = stream->next();
            BOOST_TEST(f.result() == i);
        }
}

BOOST_AUTO_TEST_CASE(ASC_03_what_waits_in_two_streams_is_added_to_neither_again)
{
    cofu::promise<int> promise;
    auto const f = promise.get_future();
    int_stream one(cofu::keep_open), two(cofu::keep_open);

    for (int i = 0; i < 3; ++i) {
        one.add(f);
        two.add(f);
    }

    BOOST_TEST(one.remaining() == 1u);
    BOOST_TEST(two.remaining() == 1u);
    promise.set_result(7);
    BOOST_TEST((one.next() == f));
    one.add(f);  // it was given, so it may come again
    BOOST_TEST((one.next() == f));
}

BOOST_AUTO_TEST_CASE(ASC_01_try_next_gives_what_is_done_and_never_waits)
{
    std::vector<cofu::promise<int>> promises(3);
    auto stream = cofu::as_completed(futures_of(promises));

    BOOST_TEST(!stream.try_next());
    promises[1].set_result(1);
    promises[0].set_result(0);
    BOOST_TEST(stream.try_next().result() == 1);
    BOOST_TEST(stream.try_next().result() == 0);
    BOOST_TEST(!stream.try_next());
    promises[2].set_result(2);
    BOOST_TEST(stream.next().result() == 2);
    BOOST_TEST(!stream.try_next());
}

