// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A bounded queue: who finds it full, who waits for room, and in which turn.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// A pool of one worker, which a call keeps busy, and room for `room` calls, which are there.
template <class Kind>
struct full_pool {
    explicit full_pool(std::size_t room) : pool(Kind::bounded(1, room))
    {
        running = pool.submit(
            [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
        gate.wait_for_arrivals(1);
        for (std::size_t i = 0; i < room; ++i)
            queued.push_back(pool.submit([] { return 0; }));
    }

    auto on_io(auto handler) { return asio::bind_executor(io, std::move(handler)); }

    asio::io_context io;
    typename Kind::pool pool;
    typename Kind::gate gate;
    cofu::future<void> running;
    std::vector<cofu::future<int>> queued;
};

// What an async_submit completed with.
struct submission {
    std::optional<error_code> ec;
    cofu::future<int> f;
};

auto into(submission& s)
{
    return [&s](error_code ec, cofu::future<int> f) {
        s.ec = ec;
        s.f = std::move(f);
    };
}

int answer()
{
    return 42;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_submit_throws_when_the_queue_is_full, Kind, pool_kinds)
{
    full_pool<Kind> full(2);

    BOOST_CHECK_THROW(full.pool.submit(answer), cofu::queue_full_error);
    BOOST_TEST(!full.pool.try_submit(answer));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_a_started_call_frees_its_place, Kind, pool_kinds)
{
    full_pool<Kind> full(1);

    full.gate.open();
    full.queued[0].wait();

    BOOST_TEST(full.pool.submit(answer).result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_a_cancelled_call_frees_its_place, Kind, pool_kinds)
{
    full_pool<Kind> full(1);

    full.queued[0].cancel();
    auto const f = full.pool.try_submit(answer);

    BOOST_TEST(f.has_value());
    full.gate.open();
    BOOST_TEST(f->result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_async_submit_completes_at_once_where_there_is_room, Kind,
                              pool_kinds)
{
    full_pool<Kind> full(1);
    full.queued[0].cancel();
    submission s;

    full.pool.async_submit(answer, full.on_io(into(s)));
    bool const inside = s.ec.has_value();
    full.io.run();

    BOOST_TEST(!inside);
    BOOST_TEST((s.ec && !*s.ec));
    full.gate.open();
    BOOST_TEST(s.f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_async_submit_waits_for_room, Kind, pool_kinds)
{
    full_pool<Kind> full(1);
    submission s;

    full.pool.async_submit(answer, full.on_io(into(s)));
    full.io.poll();
    bool const early = s.ec.has_value();
    full.queued[0].cancel();
    full.io.restart();
    full.io.run_for(default_limit);

    BOOST_TEST(!early);
    BOOST_TEST((s.ec && !*s.ec));
    full.gate.open();
    BOOST_TEST(s.f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_async_invoke_waits_for_room, Kind, pool_kinds)
{
    full_pool<Kind> full(1);
    int result = 0;

    full.pool.async_invoke(
        answer, full.on_io([&](std::exception_ptr e, int r) { result = e ? -1 : r; }));
    full.io.poll();
    bool const early = result != 0;
    full.gate.open();
    full.io.restart();
    full.io.run_for(default_limit);

    BOOST_TEST(!early);
    BOOST_TEST(result == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_submit_finds_it_full_while_one_waits, Kind, pool_kinds)
{
    full_pool<Kind> full(1);
    submission first, second;
    full.pool.async_submit(answer, full.on_io(into(first)));
    full.pool.async_submit(answer, full.on_io(into(second)));

    full.queued[0].cancel();

    BOOST_CHECK_THROW(full.pool.submit(answer), cofu::queue_full_error);
    full.io.run_for(std::chrono::milliseconds(0));
    full.io.poll();
    BOOST_TEST(first.ec.has_value());
    BOOST_TEST(!second.ec.has_value());
    full.gate.open();
    full.io.restart();
    full.io.run_for(default_limit);
    BOOST_TEST(second.ec.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_the_longest_waiter_comes_first, Kind, pool_kinds)
{
    full_pool<Kind> full(1);
    std::vector<int> order;
    for (int i = 0; i < 20; ++i)
        full.pool.async_submit(answer, full.on_io([&order, i](error_code ec, auto) {
            order.push_back(ec ? -1 : i);
        }));

    full.gate.open();
    full.io.run_for(default_limit);

    std::vector<int> expected(20);
    for (int i = 0; i < 20; ++i)
        expected[static_cast<std::size_t>(i)] = i;
    BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_06_calls_that_waited_for_room_start_in_turn, Kind,
                              shared_memory_pool_kinds)
{
    full_pool<Kind> full(3);
    std::mutex mutex;
    std::vector<int> order;
    auto const started = [&](int i) {
        std::lock_guard const lock(mutex);
        order.push_back(i);
    };
    for (auto& f : full.queued)
        f.cancel();
    for (int i = 0; i < 20; ++i)
        full.pool.async_submit(std::bind(started, i), full.on_io([](error_code, auto) {}));

    full.gate.open();
    full.io.run_for(default_limit);
    full.pool.shutdown();

    std::vector<int> expected(20);
    for (int i = 0; i < 20; ++i)
        expected[static_cast<std::size_t>(i)] = i;
    BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_a_cancelled_waiter_leaves_the_line, Kind, pool_kinds)
{
    full_pool<Kind> full(1);
    asio::cancellation_signal signal;
    submission first, second;
    full.pool.async_submit(
        answer, asio::bind_cancellation_slot(signal.slot(), full.on_io(into(first))));
    full.pool.async_submit(answer, full.on_io(into(second)));

    signal.emit(asio::cancellation_type::partial);
    full.queued[0].cancel();
    full.io.run_for(default_limit);

    BOOST_TEST((first.ec && *first.ec == asio::error::operation_aborted));
    BOOST_TEST(!first.f.valid());
    BOOST_TEST((second.ec && !*second.ec));
    full.gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_a_cancelled_invocation_leaves_the_line, Kind, pool_kinds)
{
    full_pool<Kind> full(1);
    asio::cancellation_signal signal;
    std::exception_ptr error;
    full.pool.async_invoke(answer, asio::bind_cancellation_slot(
        signal.slot(), full.on_io([&](std::exception_ptr e, int) { error = e; })));

    signal.emit(asio::cancellation_type::total);
    full.io.run_for(default_limit);

    BOOST_REQUIRE(error);
    BOOST_CHECK_EXCEPTION(std::rethrow_exception(error), boost::system::system_error,
                          [](auto const& e) { return e.code() == asio::error::operation_aborted; });
    BOOST_TEST(full.pool.stats().submitted == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_shutdown_turns_waiters_away, Kind, pool_kinds)
{
    full_pool<Kind> full(1);
    submission s;
    std::exception_ptr error;
    full.pool.async_submit(answer, full.on_io(into(s)));
    full.pool.async_invoke(
        answer, full.on_io([&](std::exception_ptr e, int) { error = e; }));

    full.pool.shutdown({.wait = false});
    full.io.run_for(default_limit);

    BOOST_TEST((s.ec && *s.ec == cofu::errc::shut_down));
    BOOST_REQUIRE(error);
    BOOST_CHECK_THROW(std::rethrow_exception(error), cofu::shut_down_error);
    full.gate.open();
    BOOST_TEST(full.queued[0].result() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_async_submit_to_a_shut_pool_completes_with_shut_down, Kind,
                              pool_kinds)
{
    full_pool<Kind> full(1);
    full.pool.shutdown({.wait = false});
    submission s;

    full.pool.async_submit(answer, full.on_io(into(s)));
    full.io.run_for(default_limit);

    BOOST_TEST((s.ec && *s.ec == cofu::errc::shut_down));
    full.gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_a_broken_pool_turns_waiters_away, Kind,
                              shared_memory_pool_kinds)
{
    asio::io_context io;
    gate initialize;
    auto options = Kind::bounded(1, 1);
    options.initializer = [&] {
        initialize.wait();
        throw std::runtime_error("no");
    };
    typename Kind::pool pool(options);
    auto const queued = pool.submit(answer);
    submission s;
    std::exception_ptr error;
    pool.async_submit(answer, asio::bind_executor(io, into(s)));
    pool.async_invoke(
        answer, asio::bind_executor(io, [&](std::exception_ptr e, int) { error = e; }));

    initialize.open();
    io.run_for(default_limit);

    BOOST_TEST((s.ec && *s.ec == cofu::errc::broken_thread_pool));
    BOOST_REQUIRE(error);
    BOOST_CHECK_THROW(std::rethrow_exception(error), typename Kind::broken_pool_error);
    BOOST_CHECK_THROW(queued.result(), typename Kind::broken_pool_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_a_failed_copy_gives_its_place_to_a_waiter, Kind,
                              shared_memory_pool_kinds)
{
    full_pool<Kind> full(1);
    full.queued[0].cancel();
    submission s;
    struct throws_when_moved {
        throws_when_moved(full_pool<Kind>* f, submission* s) : full(f), s(s) {}
        throws_when_moved(throws_when_moved const& o) : full(o.full), s(o.s)
        {
            full->pool.async_submit(answer, full->on_io(into(*s)));
            throw std::runtime_error("not moved");
        }
        full_pool<Kind>* full;
        submission* s;
        void operator()() const {}
    };
    throws_when_moved const f(&full, &s);

    BOOST_CHECK_THROW(full.pool.submit(f), std::runtime_error);
    full.io.run_for(default_limit);

    BOOST_TEST((s.ec && !*s.ec));
    full.gate.open();
    BOOST_TEST(s.f.result() == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(BPR_01_a_call_in_line_of_a_draining_pool_is_run, Kind,
                              shared_memory_pool_kinds)
{
    full_pool<Kind> full(1);
    submission s;
    auto until_then = asio::make_work_guard(full.io);
    full.running.add_done_callback([&](auto const&) {
        full.pool.async_submit(answer, full.on_io([&](error_code ec, cofu::future<int> f) {
            into(s)(ec, std::move(f));
            until_then.reset();
        }));
    });

    full.pool.shutdown({.wait = false});
    full.gate.open();
    full.io.run_for(default_limit);
    full.pool.shutdown();

    BOOST_TEST((s.ec && !*s.ec));
    BOOST_TEST(s.f.result() == 42);
}
