// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// async_next of map results: a coroutine takes them, a cancellation loses nothing.

#include "contract/pool_kinds.hpp"
#include "support/manual_executor.hpp"

#include <cofu/map.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <ranges>
#include <stdexcept>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

int twice(int x)
{
    return 2 * x;
}

int fail_at_five(int x)
{
    return x == 5 ? throw std::runtime_error("five") : x;
}

constexpr cofu::map_order orders[] = {cofu::map_order::input, cofu::map_order::completion};

// What the handlers were given.
struct record {
    std::vector<int> given;
    int cancelled = 0, timed_out = 0, failed = 0, ends = 0;

    auto handler(asio::any_io_executor executor)
    {
        return asio::bind_executor(std::move(executor),
                                   [this](std::exception_ptr e, std::optional<int> r) {
                                       note(e, r);
                                   });
    }

private:
    void note(std::exception_ptr e, std::optional<int> r)
    {
        if (r)
            given.push_back(*r);
        else if (!e)
            ++ends;
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (boost::system::system_error const& error) {
            cancelled += error.code() == asio::error::operation_aborted;
            timed_out += error.code() == cofu::errc::timed_out;
        } catch (std::runtime_error const&) {
            ++failed;
        }
    }
};

bool run(asio::io_context& io)
{
    io.restart();
    io.run_for(default_limit);
    return io.stopped();
}

// Calls that come to the gate, then wait there.
template <class Kind>
auto gated_map(typename Kind::pool& pool, typename Kind::gate& gate, int calls,
               cofu::map_options options)
{
    return pool.map(
        options,
        [](typename Kind::gate::handle g, int i) {
            g.arrive_and_wait();
            return i;
        },
        std::vector(static_cast<std::size_t>(calls), gate.get_handle()), std::views::iota(0));
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_02_a_coroutine_takes_the_results, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    for (auto const order : orders)
        for (std::size_t const chunk : {0, 1, 3}) {
            asio::io_context io;
            auto results = pool.map(
                cofu::map_options{.chunksize = chunk, .buffersize = 8, .order = order}, twice,
                std::views::iota(0, 100));
            int sum = 0, count = 0;

            auto body = [&]() -> asio::awaitable<void> {
                while (auto r = co_await results.async_next()) {
                    sum += *r;
                    ++count;
                }
            };
            asio::co_spawn(io, body, asio::detached);

            BOOST_TEST(run(io));
            BOOST_TEST(count == 100);
            BOOST_TEST(sum == 9900);
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_02_blocking_and_async_reads_alternate, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    auto results = pool.map(twice, std::views::iota(0, 4));
    record seen;

    results.async_next(seen.handler(io.get_executor()));
    BOOST_TEST(run(io));
    auto i = results.begin();
    int const second = *i;
    ++i;
    results.async_next(seen.handler(io.get_executor()));
    BOOST_TEST(run(io));

    BOOST_TEST(second == 2);
    BOOST_TEST((seen.given == std::vector{0, 4}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_async_an_exception_comes_at_its_place, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    auto results = pool.map(fail_at_five, std::views::iota(0, 10));
    record seen;

    for (int i = 0; i < 11; ++i) {
        results.async_next(seen.handler(io.get_executor()));
        BOOST_TEST(run(io));
        BOOST_TEST(seen.failed == (i >= 5));
    }

    BOOST_TEST(seen.given.size() == 9u);
    BOOST_TEST(seen.ends == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_async_a_throwing_input_is_left_out, Kind, pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(Kind::workers(2));
    auto results = pool.map(cofu::map_options{.buffersize = 2}, twice,
                            std::views::iota(0, 10) | std::views::transform(fail_at_five));
    record seen;

    for (int i = 0; i < 11; ++i) {
        results.async_next(seen.handler(io.get_executor()));
        BOOST_TEST(run(io));
    }

    BOOST_TEST(seen.failed == 1);
    BOOST_TEST((seen.given == std::vector{0, 2, 4, 6, 8, 12, 14, 16, 18}));
    BOOST_TEST(seen.ends == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_02_async_expiry_cancels_the_rest, Kind, pool_kinds)
{
    for (auto const order : orders) {
        asio::io_context io;
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        auto const busy = occupy<Kind>(pool, gate);
        auto results = pool.map(cofu::map_options{.timeout = 1ms, .order = order}, twice,
                                std::views::iota(0, 10));
        record seen;

        for (int i = 0; i < 2; ++i) {
            results.async_next(seen.handler(io.get_executor()));
            BOOST_TEST(run(io));
        }

        BOOST_TEST(seen.timed_out == 1);
        BOOST_TEST(seen.ends == 1);
        BOOST_TEST(pool.stats().cancelled == 10u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_03_cancelling_async_next_of_map_loses_nothing, Kind, pool_kinds)
{
    for (auto const order : orders) {
        asio::io_context io;
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        auto results = gated_map<Kind>(pool, gate, 3, {.timeout = 1h, .order = order});
        gate.wait_for_arrivals(1);
        asio::cancellation_signal signal;
        record seen;

        results.async_next(
            asio::bind_cancellation_slot(signal.slot(), seen.handler(io.get_executor())));
        signal.emit(asio::cancellation_type::total);
        BOOST_TEST(run(io));
        gate.open();
        for (int i = 0; i < 4; ++i) {
            results.async_next(seen.handler(io.get_executor()));
            BOOST_TEST(run(io));
        }

        BOOST_TEST(seen.cancelled == 1);
        BOOST_TEST((seen.given == std::vector{0, 1, 2}));
        BOOST_TEST(seen.ends == 1);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_closing_while_a_coroutine_waits_ends_it, Kind, pool_kinds)
{
    for (auto const order : orders) {
        asio::io_context io;
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        auto results = gated_map<Kind>(pool, gate, 5, {.order = order});
        gate.wait_for_arrivals(1);
        record seen;
        results.async_next(seen.handler(io.get_executor()));

        results.close();
        gate.open();

        BOOST_TEST(run(io));
        BOOST_TEST(seen.ends == 1);
        BOOST_TEST(seen.given.empty());
        pool.shutdown();
        BOOST_TEST(pool.stats().cancelled == 4u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_dropping_while_a_coroutine_waits, Kind, pool_kinds)
{
    for (auto const order : orders) {
        asio::io_context io;
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        record seen;
        {
            auto results = gated_map<Kind>(pool, gate, 5, {.order = order});
            gate.wait_for_arrivals(1);
            results.async_next(seen.handler(io.get_executor()));
        }

        gate.open();

        BOOST_TEST(run(io));
        BOOST_TEST(seen.given.size() + static_cast<std::size_t>(seen.ends) == 1u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_07_a_context_that_dies_destroys_the_handler_of_map, Kind,
                              pool_kinds)
{
    for (auto const order : orders) {
        typename Kind::pool pool(Kind::workers(1));
        typename Kind::gate gate;
        auto results = gated_map<Kind>(pool, gate, 3, {.timeout = 1h, .order = order});
        gate.wait_for_arrivals(1);
        record seen;
        {
            manual_context context;
            results.async_next(seen.handler(context.get_executor()));
        }

        gate.open();
        std::vector<int> given;
        for (auto&& r : results)
            given.push_back(r);

        BOOST_TEST(seen.given.empty());
        BOOST_TEST((given == std::vector{0, 1, 2}));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_a_handler_that_dies_with_its_result_does_not_stop_the_rest,
                              Kind, pool_kinds)
{
    for (auto const order : orders) {
        typename Kind::pool pool(Kind::workers(1));
        auto results = pool.map(cofu::map_options{.order = order}, twice, std::views::iota(0, 3));
        record seen;
        {
            manual_context context;
            results.async_next(seen.handler(context.get_executor()));
            BOOST_TEST(poll_until([&] { return context.pending() == 1; }));
        }

        std::vector<int> given;
        for (auto&& r : results)
            given.push_back(r);

        BOOST_TEST((given == std::vector{0, 2, 4}));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_09_map_handlers_without_an_executor_run_on_the_pool, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto results = pool.map([](int i) { return std::make_unique<int>(i); }, std::vector{42});
    gate ran;
    bool on_the_pool = false;
    int value = 0;

    results.async_next([&](std::exception_ptr, std::optional<std::unique_ptr<int>> r) {
        on_the_pool = pool.get_executor().running_in_this_thread();
        value = r ? **r : 0;
        ran.open();
    });

    BOOST_TEST_REQUIRE(ran.try_wait());
    BOOST_TEST(on_the_pool);
    BOOST_TEST(value == 42);
}
