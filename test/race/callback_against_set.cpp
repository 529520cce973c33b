// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// FUT-08, FUT-09: a callback added while the future is completed runs exactly once.

#include "two_sides.hpp"

#include <cofu/promise.hpp>

#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>

using namespace cofu::test;

namespace {

struct subject {
    cofu::promise<int> p;
    cofu::future<int> f = p.get_future();
    std::unique_ptr<std::atomic<int>> calls = std::make_unique<std::atomic<int>>(0);

    void add()
    {
        f.add_done_callback([n = calls.get()](auto g) { *n += g.done() ? 1 : 100; });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(callback_against_set, *time_limit(120))

BOOST_AUTO_TEST_CASE(FUT_08_one_callback_and_a_setter)
{
    std::size_t wrong = 0;

    race<subject>(
        scaled(500'000), [](subject& s) { s.p.set_result(1); }, [](subject& s) { s.add(); },
        [&](subject const& s) { wrong += s.calls->load() != 1; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_08_three_callbacks_and_a_cancellation)
{
    std::size_t wrong = 0;

    race<subject>(
        scaled(200'000),
        [](subject& s) {
            s.add();
            s.f.cancel();
        },
        [](subject& s) {
            s.add();
            s.add();
        },
        [&](subject const& s) { wrong += s.calls->load() != 3; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_08_a_callback_and_a_dropped_promise)
{
    struct droppable : subject {
        void drop() { cofu::promise<int>(std::move(p)); }
    };
    std::size_t wrong = 0;

    race<droppable>(
        scaled(200'000), [](droppable& s) { s.drop(); }, [](droppable& s) { s.add(); },
        [&](droppable const& s) { wrong += s.calls->load() != 1; });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_09_a_bound_callback_and_a_setter)
{
    boost::asio::io_context context;
    std::size_t wrong = 0;

    race<subject>(
        scaled(100'000), [](subject& s) { s.p.set_result(1); },
        [&](subject& s) {
            auto const note = [n = s.calls.get()](auto) { ++*n; };
            s.f.add_done_callback(boost::asio::bind_executor(context.get_executor(), note));
        },
        [&](subject const& s) {
            context.restart();
            context.run();
            wrong += s.calls->load() != 1;
        });

    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
