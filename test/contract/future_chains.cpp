// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// R7: chains of ready futures do not grow the stack. Counts are full only without sanitizers.

#include "pool_kinds.hpp"

#include <cofu/promise.hpp>

#include "support/scale.hpp"
#include "support/small_stack.hpp"
#include "support/watchdog.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;

namespace {

std::size_t const many = scaled(under_sanitizer ? 50'000 : 1'000'000);

cofu::future<int> ready(int n)
{
    cofu::promise<int> p;
    p.set_result(n);
    return p.get_future();
}

asio::awaitable<std::size_t> sum_of_ready(std::size_t count)
{
    auto const one = ready(1);
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += static_cast<std::size_t>(co_await one.async_result());
    co_return sum;
}

template <class Pool>
asio::awaitable<std::size_t> sum_of_calls(Pool& pool, std::size_t count)
{
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += static_cast<std::size_t>(co_await pool.submit([] { return 1; }));
    co_return sum;
}

// Waits again as soon as it was called.
struct rewaiting {
    cofu::future<int> f;
    std::size_t* left;

    void operator()(std::exception_ptr, int) const
    {
        if (--*left != 0)
            f.async_result(*this);
    }
};

struct kept_sum {
    std::size_t* sum;

    void operator()(std::exception_ptr, std::size_t s) const { *sum = s; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(future_chains, *time_limit(60))

BOOST_AUTO_TEST_CASE(R7_a_coroutine_awaits_ready_futures_on_a_small_stack)
{
    std::size_t sum = 0;

    run_on_small_stack([&] {
        asio::io_context context;
        asio::co_spawn(context, sum_of_ready(many), kept_sum{&sum});
        context.run();
    });

    BOOST_TEST(sum == many);
}

BOOST_AUTO_TEST_CASE(R7_a_handler_waits_again_on_a_small_stack)
{
    std::size_t left = many;

    run_on_small_stack([&] {
        asio::io_context context;
        cofu::promise<int> p(context.get_executor());
        p.set_result(1);
        auto const f = p.get_future();
        f.async_result(rewaiting{f, &left});
        context.run();
    });

    BOOST_TEST(left == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R7_handlers_of_ready_futures_on_the_pools_own_workers, Kind,
                              shared_memory_pool_kinds)
{
    auto options = Kind::workers(1);
    options.stack_size = small_stack_size;
    typename Kind::pool pool(options);
    std::size_t sum = 0;

    asio::co_spawn(pool, sum_of_ready(many / 4), kept_sum{&sum});
    pool.shutdown({.wait_for_work = true});

    BOOST_TEST(sum == many / 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R7_a_coroutine_awaits_call_after_call, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::size_t sum = 0;
    auto const count = scaled(under_sanitizer ? 2'000 : 20'000);

    run_on_small_stack([&] {
        asio::io_context context;
        asio::co_spawn(context, sum_of_calls(pool, count), kept_sum{&sum});
        context.run();
    });

    BOOST_TEST(sum == count);
}

// Each call's callback completes a promise whose callback completes the next one.
BOOST_AUTO_TEST_CASE_TEMPLATE(R7_callbacks_that_complete_the_next_on_a_workers_small_stack, Kind,
                              shared_memory_pool_kinds)
{
    auto const length = many / 4;
    std::vector<cofu::promise<int>> chain(length);
    for (std::size_t i = 0; i + 1 < length; ++i)
        chain[i].get_future().add_done_callback(
            [&next = chain[i + 1]](auto f) { next.set_result(f.result()); });
    auto options = Kind::workers(1);
    options.stack_size = small_stack_size;
    typename Kind::pool pool(options);

    pool.submit([&] { chain.front().set_result(7); }).wait();

    BOOST_TEST(chain.back().get_future().result() == 7);
}

BOOST_AUTO_TEST_CASE(R7_a_million_callbacks_of_one_future)
{
    cofu::promise<int> p;
    auto f = p.get_future();
    std::size_t ran = 0;
    for (std::size_t i = 0; i < many; ++i)
        f.add_done_callback([&](auto) { ++ran; });

    run_on_small_stack([&] { p.set_result(1); });

    BOOST_TEST(ran == many);
}

BOOST_AUTO_TEST_SUITE_END()
