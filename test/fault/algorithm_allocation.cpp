// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every allocation of wait, async_wait, as_completed and map fails once: strong guarantee, nothing
// left behind, and everything works afterwards.

#include "support/fail_nth.hpp"
#include "support/manual_executor.hpp"
#include "support/poll.hpp"
#include "support/watchdog.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/map.hpp>
#include <cofu/pool_observer.hpp>
#include <cofu/promise.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/exceptions.hpp>

#include <memory>
#include <ranges>
#include <system_error>
#include <vector>

namespace asio = boost::asio;
using namespace cofu::test;
using namespace std::chrono_literals;

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_SUITE(algorithm_allocation)

namespace {

int twice(int x)
{
    return 2 * x;
}

constexpr cofu::map_order orders[] = {cofu::map_order::input, cofu::map_order::completion};

struct three_promises {
    std::vector<cofu::promise<int>> promises{3};
    std::vector<cofu::future<int>> futures{promises[0].get_future(), promises[1].get_future(),
                                           promises[2].get_future()};

    void set_all()
    {
        for (auto& p : promises)
            p.set_result(1);
    }
};

// Told of handlers that a full memory lost.
struct silent_observer : cofu::pool_observer {
    void handler_lost(std::exception_ptr) noexcept override {}
};

// A pool whose only worker is there already.
struct one_worker {
    one_worker() { pool.submit(twice, 1).wait(); }

    silent_observer observer;
    cofu::thread_pool_executor pool{options()};

private:
    cofu::thread_pool_options options()
    {
        cofu::thread_pool_options o;
        o.max_workers = 1;
        o.observer = &observer;
        return o;
    }
};

// Runs `act(subject)` with the k-th allocation failing; true: it threw. A thread that can't be made
// for lack of memory counts.
template <class Act>
bool fails(fail_allocation& guard, Act act)
{
    bool threw = false;
    try {
        act();
    } catch (std::bad_alloc const&) {
        threw = true;
    } catch (std::system_error const&) {
        threw = true;
    }
    guard.disarm();
    return threw;
}

// Calls `round(k)`, which says whether its k-th allocation failed, until it says no.
template <class Round>
std::size_t for_every_round(Round round)
{
    std::size_t k = 1;
    while (round(k) && k < 1000)
        ++k;
    return k - 1;
}

// A handler whose fate can be seen: run, lost, or still to come.
struct fate {
    std::shared_ptr<int> token = std::make_shared<int>();
    int runs = 0;

    template <class F>
    auto handler(manual_context& context, F f)
    {
        return asio::bind_executor(context.get_executor(),
                                   [this, f, held = token](auto&&... values) {
                                       ++runs;
                                       f(std::forward<decltype(values)>(values)...);
                                   });
    }

    bool settle(manual_context& context)
    {
        return poll_until([&] {
            context.run_all();
            return token.use_count() == 1;
        });
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(WAIT_02_wait)
{
    auto const points = for_every_round([](std::size_t k) {
        three_promises t;
        t.promises[0].set_result(1);

        fail_allocation guard(k);
        bool const threw = fails(guard, [&] { cofu::wait(t.futures, 0s); });

        BOOST_TEST(threw == guard.fired());
        BOOST_TEST(cofu::wait(t.futures, 0s).done.size() == 1u);
        t.promises[1].set_result(1);
        t.promises[2].set_result(1);
        BOOST_TEST(cofu::wait(t.futures).done.size() == 3u);
        return guard.fired();
    });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(WAIT_02_async_wait)
{
    auto const points = for_every_round([](std::size_t k) {
        three_promises t;
        manual_context context;
        fate handler;
        fate again;
        std::size_t done = 0;
        auto const note = [&](boost::system::error_code,
                              cofu::wait_result<cofu::future<int>> r) { done = r.done.size(); };

        fail_allocation guard(k);
        bool const threw = fails(
            guard, [&] { cofu::async_wait(t.futures, 1h, handler.handler(context, note)); });
        cofu::async_wait(t.futures, again.handler(context, note));
        t.set_all();

        BOOST_TEST(threw == guard.fired());
        BOOST_TEST(handler.settle(context));
        BOOST_TEST(again.settle(context));
        BOOST_TEST(handler.runs == !threw);
        BOOST_TEST(done == 3u);
        return guard.fired();
    });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(ASC_01_as_completed)
{
    auto const points = for_every_round([](std::size_t k) {
        three_promises t;
        t.promises[1].set_result(1);

        fail_allocation guard(k);
        bool const threw = fails(guard, [&] { cofu::as_completed(t.futures, 1h); });
        auto stream = cofu::as_completed(t.futures);
        t.promises[0].set_result(1);
        t.promises[2].set_result(1);

        BOOST_TEST(threw == guard.fired());
        int given = 0;
        for (auto const& f : stream)
            given += f.done();
        BOOST_TEST(given == 3);
        return guard.fired();
    });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(ASC_03_add)
{
    auto const points = for_every_round([](std::size_t k) {
        std::vector<cofu::promise<int>> promises(20);
        cofu::completion_stream<cofu::future<int>> stream(cofu::keep_open);
        std::size_t added = 0;

        fail_allocation guard(k);
        bool const threw = fails(guard, [&] {
            for (; added < promises.size(); ++added)
                stream.add(promises[added].get_future());
        });

        BOOST_TEST(threw == guard.fired());
        BOOST_TEST(stream.remaining() == added);
        for (; added < promises.size(); ++added)
            stream.add(promises[added].get_future());
        stream.close();
        for (auto& p : promises)
            p.set_result(1);
        std::size_t given = 0;
        while (stream.next())
            ++given;
        BOOST_TEST(given == promises.size());
        return guard.fired();
    });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(ASC_01_async_next)
{
    auto const points = for_every_round([](std::size_t k) {
        three_promises t;
        manual_context context;
        fate handler;
        int given = 0;
        auto const note = [&](boost::system::error_code, cofu::future<int> f) { given += f.done(); };
        auto stream = cofu::as_completed(t.futures, 1h);

        fail_allocation guard(k);
        bool const threw =
            fails(guard, [&] { stream.async_next(handler.handler(context, note)); });
        t.set_all();

        BOOST_TEST(threw == guard.fired());
        BOOST_TEST(handler.settle(context));
        BOOST_TEST(given == !threw);
        BOOST_TEST(stream.remaining() == (threw ? 3u : 2u));
        return guard.fired();
    });

    BOOST_TEST(points > 0u);
}

BOOST_AUTO_TEST_CASE(MAP_01_map)
{
    for (auto const order : orders) {
        one_worker w;
        auto const points = for_every_round([&](std::size_t k) {
            cofu::map_options const options{.chunksize = 3, .order = order};

            fail_allocation guard(k);
            bool const threw =
                fails(guard, [&] { w.pool.map(options, twice, std::views::iota(0, 20)); });

            BOOST_TEST(threw == guard.fired());
            std::size_t given = 0;
            for (auto&& r : w.pool.map(options, twice, std::views::iota(0, 20)))
                given += r % 2 == 0;
            BOOST_TEST(given == 20u);
            return guard.fired();
        });

        BOOST_TEST(points > 0u);
    }
}

BOOST_AUTO_TEST_CASE(MAP_03_no_result_is_lost_when_an_advance_fails)
{
    for (auto const order : orders)
        for (std::size_t const chunk : {1, 3}) {
            one_worker w;
            auto const words = std::views::iota(0, 30) | std::views::transform([](int i) {
                                   return std::string(40, 'a') + std::to_string(i);
                               });
            auto const points = for_every_round([&](std::size_t k) {
                auto results = w.pool.map(
                    cofu::map_options{.chunksize = chunk, .buffersize = 6, .order = order},
                    [](std::string s) { return s.size(); }, words);
                std::size_t given = 0, sum = 0;

                fail_allocation guard(k);
                auto i = results.begin();
                while (i != results.end()) {
                    sum += *i;
                    ++given;
                    for (bool advanced = false; !advanced;) {
                        try {
                            ++i;
                            advanced = true;
                        } catch (std::bad_alloc const&) {
                        }
                    }
                }
                guard.disarm();

                BOOST_TEST(given == 30u);
                BOOST_TEST(sum == 30u * 40 + 10 + 40);
                return guard.fired();
            });

            BOOST_TEST(points > 0u);
        }
}

BOOST_AUTO_TEST_CASE(MAP_03_no_result_is_lost_when_async_next_fails)
{
    for (auto const order : orders) {
        one_worker w;
        auto const points = for_every_round([&](std::size_t k) {
            manual_context context;
            auto results =
                w.pool.map(cofu::map_options{.buffersize = 2, .timeout = 1h, .order = order}, twice,
                           std::views::iota(0, 4));
            std::vector<int> given;
            bool ended = false;
            auto const note = [&](std::exception_ptr e, std::optional<int> r) {
                if (r)
                    given.push_back(*r);
                else
                    ended = !e;
            };
            given.reserve(4);
            bool fired = false;

            fate first;
            fail_allocation guard(k);
            fails(guard, [&] { results.async_next(first.handler(context, note)); });
            fired = guard.fired();
            BOOST_TEST(first.settle(context));
            for (int n = 0; n < 8 && !ended; ++n) {
                fate next;
                results.async_next(next.handler(context, note));
                BOOST_TEST(next.settle(context));
            }

            BOOST_TEST((given == std::vector{0, 2, 4, 6}));
            BOOST_TEST(ended);
            return fired;
        });

        BOOST_TEST(points > 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
