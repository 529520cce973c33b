// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Blocking waits for calls of process pools whose I/O runs on an io_context that nobody runs.

#include "contract/pool_kinds.hpp"
#include "contract/process_cases.hpp"
#include "support/poll.hpp"
#include "support/process_snapshot.hpp"
#include "support/scale.hpp"

#include <cofu/any_future.hpp>
#include <cofu/as_completed.hpp>
#include <cofu/error.hpp>
#include <cofu/map.hpp>
#include <cofu/promise.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;

namespace {

int echo(int x)
{
    return x;
}

template <class Pool>
std::vector<cofu::future<int>> calls(Pool& pool, int n)
{
    std::vector<cofu::future<int>> made;
    for (int i = 0; i < n; ++i)
        made.push_back(pool.submit(&echo, i));
    return made;
}

template <class Kind>
auto gated(typename Kind::pool& pool, typename Kind::gate& gate)
{
    return pool.submit([](typename Kind::gate::handle g) { g.wait(); }, gate.get_handle());
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_wait_drives_the_pool, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));

    auto const all = cofu::wait(calls(pool, 5));
    auto const first = cofu::wait(calls(pool, 5), cofu::return_when::first_completed);
    auto const timed = cofu::wait(calls(pool, 5), default_limit);

    BOOST_TEST(all.done.size() == 5u);
    BOOST_TEST(first.done.size() >= 1u);
    BOOST_TEST(timed.done.size() == 5u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_as_completed_drives_the_pool, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    int sum = 0;

    for (auto const& f : cofu::as_completed(calls(pool, 5)))
        sum += f.result();

    BOOST_TEST(sum == 10);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_map_drives_the_pool, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    std::array const inputs{1, 2, 3, 4};
    int sum = 0;

    for (int x : pool.map(&echo, inputs))
        sum += x;
    cofu::map_options options;
    options.order = cofu::map_order::completion;
    options.buffersize = 2;
    for (int x : pool.map(options, &echo, inputs))
        sum += x;

    BOOST_TEST(sum == 20);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_waits_for_an_any_future_drive_the_pool, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    cofu::any_future const one = pool.submit(&echo, 1);
    cofu::any_future const other = pool.submit(&echo, 2);

    one.wait();
    auto const in_time = other.wait_for(default_limit);

    BOOST_TEST(one.done());
    BOOST_TEST(in_time);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_timed_wait_that_drives_expires, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    typename Kind::gate gate;
    std::vector<cofu::future<void>> const set{gated<Kind>(pool, gate)};
    auto const soon = std::chrono::milliseconds(20);

    auto const split = cofu::wait(set, soon);

    BOOST_TEST(split.not_done.size() == 1u);
    BOOST_CHECK_THROW(
        {
            for (auto const& f : cofu::as_completed(set, soon))
                f.wait();
        },
        cofu::timeout_error);
    gate.open();
}

// Pools with and without an executor of the program's, threads, and a promise: in one set.
BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_set_of_several_pools_drives_all_of_them, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    asio::io_context other_io;
    typename Kind::pool one(on<Kind>(io));
    typename Kind::pool other(on<Kind>(other_io));
    typename Kind::pool by_itself(Kind::workers(1));
    cofu::thread_pool_executor threads(1);
    cofu::promise<int> promise;
    auto const mixed = [&] {
        std::vector<cofu::future<int>> set = calls(one, 3);
        for (auto& f : calls(other, 3))
            set.push_back(f);
        for (auto& f : calls(by_itself, 3))
            set.push_back(f);
        set.push_back(threads.submit(&echo, 3));
        return set;
    };

    auto set = mixed();
    set.push_back(promise.get_future());
    std::thread setter([&, last = set.front()] {
        poll_until([&] { return last.done(); });
        promise.set_result(1);
    });
    auto const all = cofu::wait(set);
    setter.join();
    int sum = 0;
    for (auto const& f : cofu::as_completed(mixed()))
        sum += f.result();

    BOOST_TEST(all.done.size() == 11u);
    BOOST_TEST(sum == 12);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_several_threads_wait_for_sets_of_one_pool, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io, 2));
    std::atomic<std::size_t> done{0};
    auto const rounds = scaled(30);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::size_t i = 0; i < rounds; ++i) {
                auto const set = calls(pool, 2);
                if (t % 2 == 0)
                    done += cofu::wait(set).done.size();
                else if (i % 2 == 0)
                    for (auto const& f : cofu::as_completed(set))
                        done += f.done();
                else
                    for (auto const& f : set)
                        f.wait(), ++done;
            }
        });
    for (auto& t : threads)
        t.join();

    BOOST_TEST(done == 8 * rounds);
}

// Whoever drives leaves when its own call is done; the others wait for theirs.
BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_follower_takes_over, Kind, process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io, 4));
    std::array<typename Kind::gate, 4> gates;
    std::atomic<int> returned{0};
    std::vector<std::thread> threads;
    for (auto& g : gates)
        threads.emplace_back([&, f = gated<Kind>(pool, g), in_set = &g != &gates[1]] {
            if (in_set)
                cofu::wait(std::array{f});
            else
                f.wait();
            ++returned;
        });

    int in_turn = 0;
    for (auto& g : gates) {
        g.open();
        ++in_turn;
        BOOST_TEST(poll_until([&] { return returned == in_turn; }));
    }
    for (auto& t : threads)
        t.join();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_waits_beside_a_running_context, Kind, process_pool_kinds)
{
    asio::io_context io;
    auto work = std::optional(asio::make_work_guard(io));
    std::thread runner([&] { io.run(); });
    std::size_t done = 0;
    auto const rounds = scaled(100);
    {
        typename Kind::pool pool(on<Kind>(io, 2));
        for (std::size_t i = 0; i < rounds; ++i) {
            auto const set = calls(pool, 2);
            done += cofu::wait(set).done.size();
            done += pool.submit(&echo, 1).result() == 1;
        }
    }
    work.reset();
    runner.join();

    BOOST_TEST(done == 3 * rounds);
}

// The consumer waits before there is such a pool.
BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_a_stream_drives_pools_that_are_added_later, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    asio::io_context other_io;
    cofu::promise<int> promise;
    cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);
    stream.add(promise.get_future());
    std::vector<int> got;
    arrivals consumed;
    std::thread consumer([&] {
        while (auto const f = stream.next()) {
            got.push_back(f.result());
            consumed.arrive();
        }
    });
    typename Kind::pool pool(on<Kind>(io));
    typename Kind::pool other(on<Kind>(other_io));

    stream.add(pool.submit(&echo, 1));
    BOOST_TEST(consumed.try_wait_for_count(1));
    stream.add(other.submit(&echo, 2));
    BOOST_TEST(consumed.try_wait_for_count(2));
    promise.set_result(3);
    stream.close();
    consumer.join();

    BOOST_TEST((got == std::vector{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_16_waits_on_the_pools_own_thread_drive_it, Kind,
                              process_pool_kinds)
{
    cofu::promise<int> sum;
    typename Kind::pool pool(Kind::workers(1));
    auto started = pool.submit(&echo, 0);

    asio::post(pool.get_executor(), [&] {
        int n = static_cast<int>(cofu::wait(calls(pool, 3)).done.size());
        for (auto const& f : cofu::as_completed(calls(pool, 3)))
            n += f.result();
        sum.set_result(n);
    });

    BOOST_TEST(sum.get_future().result() == 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_waits_that_drive_are_interruption_points, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(on<Kind>(io));
    cofu::thread_pool_executor threads(3);
    typename Kind::gate gate;
    auto const never = gated<Kind>(pool, gate);
    arrivals inside;
    auto one = threads.submit([&] { inside.arrive(), never.wait(); });
    auto set = threads.submit([&] { inside.arrive(), cofu::wait(std::array{never}); });
    auto stream = threads.submit([&] {
        inside.arrive();
        cofu::as_completed(std::array{never}).next();
    });
    inside.wait_for_count(3);

    for (auto* f : {&one, &set, &stream})
        f->request_stop();

    for (auto* f : {&one, &set, &stream})
        BOOST_CHECK_THROW(f->result(default_limit), cofu::cancelled_error);
    gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R3_a_waiting_thread_keeps_nothing_of_a_pool_that_is_gone, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool(on<Kind>(io)).submit([] {}).wait();  // what the context keeps
    cofu::promise<int> promise;
    cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);
    stream.add(promise.get_future());
    arrivals consumed;
    auto const before = process_snapshot::take().descriptors.size();
    std::thread consumer([&] {
        while (stream.next())
            consumed.arrive();
    });
    {
        typename Kind::pool pool(on<Kind>(io));
        stream.add(pool.submit(&echo, 1));
        consumed.try_wait_for_count(1);
    }
    io.run();

    // The consumer has one descriptor of its own.
    BOOST_TEST(poll_until(
        [&] { return process_snapshot::take().descriptors.size() <= before + 1; }));
    promise.set_result(1);
    stream.close();
    consumer.join();
}
