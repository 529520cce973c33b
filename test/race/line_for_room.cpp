// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A waiter in line for room: granted, cancelled and turned away at the same time.

#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/error.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace cofu::test;
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// How many completions of each kind.
struct tally {
    std::size_t done = 0, aborted = 0, shut_down = 0, other = 0;  // shut_down: or cancelled by it

    void count(error_code ec)
    {
        ++(!ec                                                         ? done
           : ec == asio::error::operation_aborted                      ? aborted
           : ec == cofu::errc::shut_down || ec == cofu::errc::cancelled ? shut_down
                                                                         : other);
    }
    void count(std::exception_ptr e)
    {
        try {
            if (e)
                std::rethrow_exception(e);
            count(error_code());
        } catch (boost::system::system_error const& x) {
            count(x.code());
        } catch (...) {
            ++other;
        }
    }
    std::size_t all() const { return done + aborted + shut_down + other; }
};

constexpr std::size_t operations = 8;

// One round: a busy pool with a full queue, operations in line; then its calls end, operations are
// cancelled, and where `shut` the pool is shut down by another thread.
template <class Start>
void round(rng& random, bool shut, tally& results, Start start)
{
    asio::io_context io{1};
    cofu::thread_pool_executor pool(cofu::thread_pool_options{.max_workers = 2, .max_queue = 2});
    std::atomic<bool> go{false};
    std::vector<cofu::future<void>> blockers;
    auto const block = [&go] {
        while (!go)
            std::this_thread::yield();
    };
    while (auto f = pool.try_submit(block))
        blockers.push_back(*f);
    asio::cancellation_signal signals[operations];
    for (auto& s : signals)
        start(pool, asio::bind_cancellation_slot(s.slot(), asio::bind_executor(io,
            [&](auto outcome, auto&&...) { results.count(outcome); })));

    std::optional<std::thread> shutter;
    if (shut)
        shutter.emplace([&, cancel = random.once_in(2)] {
            while (!go)
                std::this_thread::yield();
            pool.shutdown({.wait = false, .cancel_futures = cancel});
        });
    std::thread canceller([&] {
        while (!go)
            std::this_thread::yield();
        for (auto& f : blockers)
            f.cancel();
    });
    go = true;
    for (auto& s : signals) {
        if (random.once_in(2))
            s.emit(asio::cancellation_type::terminal);
        if (random.once_in(3))
            io.poll();
    }
    canceller.join();
    if (shutter)
        shutter->join();
    io.restart();
    io.run();
    pool.shutdown();
    auto const s = pool.stats();
    results.other += s.submitted != s.finished + s.failed + s.cancelled;
}

template <class Start>
void run(bool shut, Start start)
{
    std::size_t const rounds = scaled(5'000);
    rng random;
    tally results;

    for (std::size_t r = 0; r < rounds; ++r)
        round(random, shut, results, start);

    BOOST_TEST(results.all() == rounds * operations);
    BOOST_TEST(results.other == 0u);
    if (!shut)
        BOOST_TEST(results.shut_down == 0u);
}

auto const submit = [](auto& pool, auto handler) {
    pool.async_submit([] {}, std::move(handler));
};
auto const invoke = [](auto& pool, auto handler) {
    pool.async_invoke([] {}, std::move(handler));
};

}  // namespace

BOOST_TEST_DECORATOR(*time_limit(200))
BOOST_AUTO_TEST_SUITE(line)

BOOST_AUTO_TEST_CASE(BPR_01_async_submit_cancelled_against_a_grant)
{
    run(false, submit);
}

BOOST_AUTO_TEST_CASE(BPR_01_async_invoke_cancelled_against_a_grant)
{
    run(false, invoke);
}

BOOST_AUTO_TEST_CASE(BPR_01_async_submit_cancelled_against_a_grant_and_shutdown)
{
    run(true, submit);
}

BOOST_AUTO_TEST_CASE(BPR_01_async_invoke_cancelled_against_a_grant_and_shutdown)
{
    run(true, invoke);
}

BOOST_AUTO_TEST_SUITE_END()
