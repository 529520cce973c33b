// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// WAIT-03 and ASC-01: the cost of a future does not grow with their number.

#include "support/fail_nth.hpp"
#include "support/sanitizers.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/promise.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using futures = std::vector<cofu::future<int>>;

namespace {

// The processor time that `work` takes for each of `n` futures: half of them done before, the rest
// set by `work` itself.
template <class Work>
double cost_of_one(std::size_t n, Work work)
{
    std::vector<cofu::promise<int>> promises(n);
    futures all;
    for (auto& p : promises)
        all.push_back(p.get_future());
    for (std::size_t i = 0; i < n; i += 2)
        promises[i].set_result(1);
    auto const set_rest = [&] {
        for (std::size_t i = 1; i < n; i += 2)
            promises[i].set_result(1);
    };

    auto const start = std::clock();
    bool const right = work(all, set_rest);
    auto const end = std::clock();

    BOOST_TEST(right);
    return static_cast<double>(end - start) / static_cast<double>(n);
}

// 100 times as many futures cost at most 8 times as much each: the caches, not a square.
template <class Work>
void check_linear(Work work)
{
    if (under_sanitizer) {
        cost_of_one(100'000, work);
        return;
    }
    std::array<double, 5> ratios{};
    for (auto& r : ratios) {
        double few = 0;
        for (int i = 0; i < 20; ++i)
            few += cost_of_one(1'000, work);
        r = cost_of_one(100'000, work) / (few / 20);
    }
    std::ranges::sort(ratios);

    BOOST_TEST(ratios[2] <= 8.0);
}

}  // namespace

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_SUITE(linear_cost)

BOOST_AUTO_TEST_CASE(WAIT_03_wait)
{
    check_linear([](futures const& all, auto const& set_rest) {
        auto const some = cofu::wait(all, cofu::return_when::first_completed).done.size();
        set_rest();
        return some == all.size() / 2 && cofu::wait(all).done.size() == all.size();
    });
}

BOOST_AUTO_TEST_CASE(WAIT_03_async_wait)
{
    check_linear([](futures const& all, auto const& set_rest) {
        asio::io_context io;
        std::size_t done = 0;
        auto body = [&]() -> asio::awaitable<void> {
            auto const result = co_await cofu::async_wait(all);
            done = result.done.size();
        };
        asio::co_spawn(io, body, asio::detached);
        io.poll();
        set_rest();
        io.run();
        return done == all.size();
    });
}

BOOST_AUTO_TEST_CASE(ASC_01_blocking)
{
    check_linear([](futures const& all, auto const& set_rest) {
        std::size_t given = 0;
        auto stream = cofu::as_completed(all);
        for ([[maybe_unused]] auto const& f : stream)
            if (++given == all.size() / 2)
                set_rest();
        return given == all.size();
    });
}

BOOST_AUTO_TEST_CASE(ASC_01_async_next)
{
    check_linear([](futures const& all, auto const& set_rest) {
        asio::io_context io;
        std::size_t given = 0;
        auto stream = cofu::as_completed(all);
        auto body = [&]() -> asio::awaitable<void> {
            while (auto f = co_await stream.async_next())
                if (++given == all.size() / 2)
                    set_rest();
        };
        asio::co_spawn(io, body, asio::detached);
        io.run();
        return given == all.size();
    });
}

BOOST_AUTO_TEST_CASE(ASC_01_giving_a_future_allocates_nothing)
{
    std::vector<cofu::promise<int>> promises(1000);
    futures all;
    for (auto& p : promises)
        all.push_back(p.get_future());
    auto stream = cofu::as_completed(all);
    for (auto& p : promises)
        p.set_result(1);

    count_allocations counter;
    std::size_t given = 0;
    while (stream.next())
        ++given;
    counter.disarm();

    BOOST_TEST(given == 1000u);
    BOOST_TEST(counter.seen() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
