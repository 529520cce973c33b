// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A slot emitted on a strand while the call completes on another thread: exactly one outcome, and
// nothing is touched afterwards.

#include "support/gate.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/promise.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <stop_token>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

constexpr std::size_t batch = 100;

struct tally_of_outcomes {
    std::atomic<std::size_t> values{0}, aborted{0}, others{0};
    arrivals ended;

    void operator()(std::exception_ptr e)
    {
        try {
            if (e)
                std::rethrow_exception(e);
            ++values;
        } catch (boost::system::system_error const& error) {
            ++(error.code() == asio::error::operation_aborted ? aborted : others);
        } catch (...) {
            ++others;
        }
        ended.arrive();
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_03_an_emission_races_with_the_completion, *time_limit(60))
{
    auto const rounds = std::max<std::size_t>(1, scaled(100'000) / batch);
    tally_of_outcomes seen;
    cofu::thread_pool_executor loop(2);
    for (std::size_t i = 0; i < rounds; ++i) {
        auto const strand = asio::make_strand(loop);
        std::vector<asio::cancellation_signal> signals(batch);
        std::vector<cofu::promise<int>> promises(batch);
        auto const handler = [&seen](std::exception_ptr e, int) { seen(e); };
        auto const start = [&] {
            for (std::size_t k = 0; k < batch; ++k)
                promises[k].get_future()(asio::bind_executor(
                    strand, asio::bind_cancellation_slot(signals[k].slot(), handler)));
        };
        gate started;
        asio::post(strand, [&] {
            start();
            started.open();
        });
        started.wait();

        asio::post(strand, [&] {
            for (auto& s : signals)
                s.emit(asio::cancellation_type::total);
        });
        for (auto& p : promises)
            p.set_result(42);
        seen.ended.wait_for_count((i + 1) * batch);
        // The signals outlive the emissions.
        gate emitted;
        asio::post(strand, [&] { emitted.open(); });
        emitted.wait();
    }

    BOOST_TEST(seen.values + seen.aborted == rounds * batch);
    BOOST_TEST(seen.others.load() == 0u);
}

BOOST_AUTO_TEST_CASE(ASY_03_an_emission_races_with_the_call_of_async_invoke,
                     *time_limit(60))
{
    auto const rounds = std::max<std::size_t>(1, scaled(100'000) / batch);
    tally_of_outcomes seen;
    // A bounded queue, so that calls are in line, queued, running and done when they are stopped.
    cofu::thread_pool_executor pool({.max_workers = 2, .max_queue = 8});
    cofu::thread_pool_executor loop(1);
    for (std::size_t i = 0; i < rounds; ++i) {
        auto const strand = asio::make_strand(loop);
        std::vector<asio::cancellation_signal> signals(batch);
        auto const handler = [&seen](std::exception_ptr e, int) { seen(e); };
        gate emitted;
        asio::post(strand, [&] {
            for (auto& s : signals)
                pool.async_invoke([](std::stop_token) { return 42; },
                                  asio::bind_executor(
                                      strand, asio::bind_cancellation_slot(s.slot(), handler)));
            for (auto& s : signals)
                s.emit(asio::cancellation_type::terminal);
            emitted.open();
        });
        emitted.wait();
        seen.ended.wait_for_count((i + 1) * batch);
    }

    BOOST_TEST(seen.values + seen.aborted == rounds * batch);
    BOOST_TEST(seen.others.load() == 0u);
}

BOOST_AUTO_TEST_CASE(SHD_01_async_submit_in_line_is_cancelled_while_the_pool_shuts_down,
                     *time_limit(60))
{
    auto const rounds = scaled(2'000);
    std::size_t ended = 0;
    for (std::size_t i = 0; i < rounds; ++i) {
        asio::io_context io(1);
        std::vector<asio::cancellation_signal> signals(8);
        cofu::thread_pool_executor pool({.max_workers = 1, .max_queue = 1});
        gate hold;
        pool.submit([&] { hold.wait(); });
        for (auto& s : signals)
            pool.async_submit(
                [] { return 42; },
                asio::bind_executor(io, asio::bind_cancellation_slot(
                                            s.slot(), [&](boost::system::error_code,
                                                          cofu::future<int>) { ++ended; })));
        std::thread other([&] { pool.shutdown({.wait = false, .cancel_futures = true}); });

        for (auto& s : signals)
            s.emit(asio::cancellation_type::total);
        hold.open();
        other.join();
        io.run();
    }

    BOOST_TEST(ended == rounds * 8);
}

BOOST_AUTO_TEST_CASE(SHD_01_async_shutdown_of_an_idle_pool, *time_limit(60))
{
    auto const rounds = scaled(5'000);
    std::size_t ended = 0;
    for (std::size_t i = 0; i < rounds; ++i) {
        asio::io_context io(1);
        cofu::thread_pool_executor pool(2);
        pool.submit([] {}).wait();
        auto const work = asio::make_work_guard(io);
        std::thread runner([&] { io.run(); });
        gate done;
        pool.async_shutdown(asio::bind_executor(
            io, [&](boost::system::error_code ec, cofu::shutdown_report) {
                ended += !ec;
                done.open();
            }));
        done.wait();
        io.stop();
        runner.join();
    }

    BOOST_TEST(ended == rounds);
}
