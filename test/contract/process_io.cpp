// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A process pool whose I/O runs on an io_context of the program.

#include "contract/pool_kinds.hpp"
#include "contract/process_cases.hpp"
#include "support/poll.hpp"
#include "support/process_snapshot.hpp"

#include <cofu/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <memory>
#include <optional>
#include <thread>

#include <unistd.h>

using namespace cofu::test;
namespace asio = boost::asio;

namespace {

asio::awaitable<void> three_calls(cofu::process_pool_executor& pool, int& sum)
{
    for (int i = 1; i <= 3; ++i)
        sum += co_await pool.submit([](int x) { return 10 * x; }, i);
}

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_run_returns_when_the_calls_are_done, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    int sum = 0;
    asio::co_spawn(io, three_calls(pool, sum), rethrow);

    io.run();

    BOOST_TEST(sum == 60);
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_an_idle_pool_has_nothing_pending, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    bool done = false;
    auto f = pool.submit([] {});
    f.async_wait([&](auto) { done = true; });

    io.run();
    io.restart();

    BOOST_TEST(done);
    BOOST_TEST(io.run() == 0u);
    BOOST_TEST(pool.stats().workers == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_the_death_of_an_idle_worker_is_seen_at_the_next_submission,
                              Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    auto const first = pool.submit([] { return ::getpid(); }).result();
    io.run();

    ::kill(first, SIGKILL);
    BOOST_TEST(poll_until([&] { return !is_running(first); }));
    io.restart();
    auto const handlers_before = io.run();
    auto const next = pool.submit([] { return ::getpid(); }).result();

    BOOST_TEST(handlers_before == 0u);
    BOOST_TEST(next != first);
}

// A loop that looked without end would never come back from poll().
BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_05_a_loop_that_waits_for_a_long_call_goes_to_sleep, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    std::optional<cofu::future<void>> call;
    asio::post(io, [&] {
        call = pool.submit([] {
            for (;;)
                ::pause();
        });
    });
    BOOST_TEST(poll_until([&] {
        io.poll();
        return call && call->running();
    }));

    io.poll();

    BOOST_TEST(io.poll() == 0u);
    pool.kill_workers();
    io.run();
    BOOST_TEST(call->done());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_blocking_wait_drives_the_pool, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));

    BOOST_TEST(pool.submit([](int x) { return x; }, 5).result() == 5);
    BOOST_TEST(pool.submit([](int x) { return x; }, 6).result(std::chrono::seconds(5)) == 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_blocking_wait_in_a_handler_drives_the_pool, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    int result = 0;

    asio::post(io, [&] { result = pool.submit([](int x) { return x; }, 5).result(); });
    io.run();

    BOOST_TEST(result == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_several_threads_wait_and_one_drives, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    std::vector<int> results(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&pool, &results, t] {
            for (int i = 0; i < 50; ++i)
                results[static_cast<std::size_t>(t)] +=
                    pool.submit([](int x) { return x; }, 1).result();
        });
    for (auto& t : threads)
        t.join();

    BOOST_TEST((results == std::vector<int>(4, 50)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_shutdown_works_while_nobody_runs_the_context, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    auto const f = pool.submit([](int x) { return x; }, 5);

    pool.shutdown();

    BOOST_TEST(f.result() == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_the_end_of_the_context_breaks_the_pool, Kind,
                              process_pool_kinds)
{
    auto io = std::make_unique<asio::io_context>();
    typename Kind::pool pool(on<Kind>(*io));
    typename Kind::gate gate;
    auto const busy = pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); },
                                  gate.get_handle());
    BOOST_TEST(poll_until([&] {
        io->poll();
        return gate.arrived() == 1;
    }));

    io.reset();

    BOOST_CHECK_THROW(busy.result(), cofu::broken_process_pool);
    BOOST_CHECK_THROW(pool.submit([] {}), cofu::broken_process_pool);
}
