// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Sets and streams of futures: completions against expiry, against abandoning, and from many
// threads into one stream.

#include "race/two_sides.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/promise.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace std::chrono_literals;
using cofu::return_when;

namespace {

using split = cofu::wait_result<cofu::future<int>>;

// Two promises that the left side sets while the right side waits.
struct pair {
    cofu::promise<int> first, second;
    std::vector<cofu::future<int>> futures{first.get_future(), second.get_future()};
    bool right_is_content = false;

    void set()
    {
        first.set_result(1);
        second.set_result(2);
    }
};

template <class Right>
std::size_t count_wrong(std::size_t rounds, Right right)
{
    std::size_t wrong = 0;
    race<pair>(
        scaled(rounds), [](pair& p) { p.set(); },
        [&](pair& p) { p.right_is_content = right(p); },
        [&](pair const& p) { wrong += !p.right_is_content; });
    return wrong;
}

bool is_partition(split const& s)
{
    return s.done.size() + s.not_done.size() == 2;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sets_and_streams, *time_limit(200))

BOOST_AUTO_TEST_CASE(WAIT_01_wait_against_completion)
{
    auto const wrong = count_wrong(100'000, [](pair& p) {
        return cofu::wait(p.futures, return_when::first_completed).done.size() >= 1
               && cofu::wait(p.futures).done.size() == 2;
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(WAIT_01_expiry_against_completion)
{
    auto const wrong = count_wrong(100'000, [](pair& p) {
        return is_partition(cofu::wait(p.futures, 1us))
               && is_partition(cofu::wait(p.futures, 1us, return_when::first_exception));
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(WAIT_01_async_expiry_against_completion)
{
    auto const wrong = count_wrong(20'000, [](pair& p) {
        asio::io_context io;
        int runs = 0;
        bool whole = false;
        cofu::async_wait(p.futures, 20us,
                         asio::bind_executor(io, [&](boost::system::error_code, split s) {
                             ++runs;
                             whole = is_partition(s);
                         }));
        io.run();
        return runs == 1 && whole;
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASY_03_cancellation_of_async_wait_against_completion)
{
    auto const wrong = count_wrong(50'000, [](pair& p) {
        asio::io_context io;
        asio::cancellation_signal signal;
        int runs = 0;
        cofu::async_wait(
            p.futures,
            asio::bind_cancellation_slot(
                signal.slot(), asio::bind_executor(io, [&](boost::system::error_code e, split s) {
                    runs += e || s.done.size() == 2;
                })));
        signal.emit(asio::cancellation_type::terminal);
        io.run();
        return runs == 1;
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASC_02_expiry_of_a_stream_against_completion)
{
    auto const wrong = count_wrong(100'000, [](pair& p) {
        auto stream = cofu::as_completed(p.futures, 1us);
        std::size_t given = 0;
        try {
            while (stream.next())
                ++given;
        } catch (cofu::timeout_error const&) {
            return given <= 2;
        }
        return given == 2;
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASC_02_expiry_of_async_next_against_completion)
{
    auto const wrong = count_wrong(20'000, [](pair& p) {
        asio::io_context io;
        auto stream = cofu::as_completed(p.futures, 20us);
        int runs = 0;
        for (int i = 0; i < 3; ++i)
            stream.async_next(
                asio::bind_executor(io, [&](boost::system::error_code, cofu::future<int>) { ++runs; }));
        io.run();
        return runs == 3;
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASC_03_abandoning_a_stream_against_completion)
{
    auto const wrong = count_wrong(100'000, [](pair& p) {
        auto stream = cofu::as_completed(p.futures);
        return p.first.get_future().done() ? stream.next().valid() : true;
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASC_03_the_consumer_ends_the_stream_after_the_last_future)
{
    auto const wrong = count_wrong(100'000, [](pair& p) {
        auto stream = cofu::as_completed(p.futures);
        return stream.next() && stream.next();
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASC_01_order_of_completion_under_fire)
{
    auto const wrong = count_wrong(100'000, [](pair& p) {
        cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);
        stream.add(p.futures[0]);
        stream.add(p.futures[1]);
        return stream.next() == p.futures[0] && stream.next() == p.futures[1];
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASY_03_giving_up_a_turn_against_completion)
{
    auto const wrong = count_wrong(50'000, [](pair& p) {
        asio::io_context io;
        asio::cancellation_signal signal;
        std::size_t given = 0;
        auto stream = cofu::as_completed(p.futures);
        stream.async_next(asio::bind_cancellation_slot(
            signal.slot(),
            asio::bind_executor(io, [&](boost::system::error_code, cofu::future<int> f) {
                given += f.valid();
            })));
        signal.emit(asio::cancellation_type::partial);
        io.run();
        while (stream.next())
            ++given;
        return given == 2;
    });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(ASC_03_many_threads_complete_into_one_stream_with_several_consumers)
{
    auto const rounds = std::max<std::size_t>(1, scaled(20));
    for (std::size_t round = 0; round < rounds; ++round) {
        std::vector<cofu::promise<std::size_t>> promises(10'000);
        std::vector<cofu::future<std::size_t>> futures;
        for (auto& p : promises)
            futures.push_back(p.get_future());
        auto stream = cofu::as_completed(futures);
        std::vector<std::vector<std::size_t>> given(4);
        asio::io_context io;

        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 4; ++t)
            threads.emplace_back([&promises, t] {
                for (std::size_t i = t; i < promises.size(); i += 4)
                    promises[i].set_result(i);
            });
        for (std::size_t t = 0; t < 2; ++t)
            threads.emplace_back([&stream, &mine = given[t]] {
                while (auto f = stream.next())
                    mine.push_back(f.result());
            });
        auto consume = [&](std::vector<std::size_t>& mine) -> asio::awaitable<void> {
            while (auto f = co_await stream.async_next())
                mine.push_back(f.result());
        };
        asio::co_spawn(io, consume(given[2]), asio::detached);
        asio::co_spawn(io, consume(given[3]), asio::detached);
        io.run();
        for (auto& t : threads)
            t.join();

        std::vector<bool> seen(promises.size());
        std::size_t count = 0;
        for (auto const& mine : given)
            for (auto const i : mine) {
                count += !seen[i];
                seen[i] = true;
            }
        BOOST_TEST_REQUIRE(count == promises.size());
    }
}

BOOST_AUTO_TEST_CASE(ASC_03_adding_against_completing_and_closing)
{
    auto const rounds = std::max<std::size_t>(1, scaled(200));
    for (std::size_t round = 0; round < rounds; ++round) {
        cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);
        std::vector<cofu::promise<int>> promises(100);
        std::size_t given = 0;
        std::thread consumer([&] {
            while (stream.next())
                ++given;
        });
        std::thread setter([&] {
            for (auto& p : promises)
                p.set_result(1);
        });

        for (auto& p : promises)
            stream.add(p.get_future());
        stream.close();
        consumer.join();
        setter.join();

        BOOST_TEST_REQUIRE(given == promises.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
