// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What a pool counts.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace cofu::test;

namespace {

bool add_up(cofu::pool_stats const& s)
{
    return s.submitted == s.queued + s.running + s.finished + s.failed + s.cancelled;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(OBS_01_a_new_pool_has_counted_nothing, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));

    auto const s = pool.stats();

    BOOST_TEST(s.workers == 0u);
    BOOST_TEST(s.submitted == 0u);
    BOOST_TEST(add_up(s));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OBS_01_every_state_is_counted, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    pool.submit([] {}).wait();
    pool.submit([] { throw std::runtime_error("failed"); }).wait();
    auto const running = pool.submit(
        [](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    pool.submit([] {});
    pool.submit([] {}).cancel();

    auto const s = pool.stats();

    BOOST_TEST(s.workers == 1u);
    BOOST_TEST(s.idle == 0u);
    BOOST_TEST(s.submitted == 5u);
    BOOST_TEST(s.finished == 1u);
    BOOST_TEST(s.failed == 1u);
    BOOST_TEST(s.running == 1u);
    BOOST_TEST(s.queued == 1u);
    BOOST_TEST(s.cancelled == 1u);
    gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OBS_01_posted_functions_are_no_calls, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    boost::asio::post(pool, [] {});
    pool.shutdown();

    BOOST_TEST(pool.stats().submitted == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OBS_01_they_add_up_after_any_mix, Kind, shared_memory_pool_kinds)
{
    auto options = Kind::bounded(3, 8);
    typename Kind::pool pool(options);
    boost::asio::io_context io;
    std::size_t refused = 0;
    for (int i = 0; i < 1000; ++i) {
        if (auto f = pool.try_submit([i] {
                if (i % 7 == 0)
                    throw i;
            })) {
            if (i % 5 == 0)
                f->cancel();
        } else {
            ++refused;
        }
        if (i % 3 == 0)
            pool.async_submit([] {}, boost::asio::bind_executor(io, [](auto...) {}));
        if (i % 11 == 0)
            pool.async_invoke([] {}, boost::asio::bind_executor(io, [](auto...) {}));
    }
    io.run();
    pool.shutdown();

    auto const s = pool.stats();

    BOOST_TEST(s.queued == 0u);
    BOOST_TEST(s.running == 0u);
    BOOST_TEST(s.submitted == 1000 - refused + 334 + 91);
    BOOST_TEST(add_up(s));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OBS_01_counters_are_sane_and_grow_while_calls_run, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    std::atomic<bool> stop{false};
    int wrong = 0;
    std::thread reader([&] {
        cofu::pool_stats last;
        while (!stop) {
            auto const s = pool.stats();
            wrong += s.running > 4 || s.idle > s.workers || s.workers > 4
                     || s.finished < last.finished || s.submitted < last.submitted;
            last = s;
        }
    });

    std::vector<cofu::future<void>> futures;
    for (int i = 0; i < 5000; ++i)
        futures.push_back(pool.submit([] {}));
    for (auto const& f : futures)
        f.wait();
    stop = true;
    reader.join();

    BOOST_TEST(wrong == 0);
    BOOST_TEST(pool.stats().finished == 5000u);
}
