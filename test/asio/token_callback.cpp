// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every operation with callbacks, and with the adapters of callbacks.

#include "operations.hpp"
#include "support/gate.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/prepend.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

// Counts what it allocates and what it frees.
template <class T>
struct counting_allocator {
    using value_type = T;

    std::atomic<long>* made;
    std::atomic<long>* live;

    counting_allocator(std::atomic<long>& m, std::atomic<long>& l) noexcept : made(&m), live(&l) {}
    template <class U>
    counting_allocator(counting_allocator<U> const& o) noexcept : made(o.made), live(o.live)
    {
    }

    T* allocate(std::size_t n)
    {
        ++*made, ++*live;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n)
    {
        --*live;
        std::allocator<T>().deallocate(p, n);
    }
    friend bool operator==(counting_allocator const& a, counting_allocator const& b) noexcept
    {
        return a.live == b.live;
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_callback, Op, operations)
{
    bench b;
    record seen;

    Op::start(b, asio::bind_executor(b.io, recorder<Op>{&seen}));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 1);
    BOOST_TEST(seen.right == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_callback_without_an_executor, Op, functions)
{
    record seen;
    gate ran;
    {
        bench b;
        auto handler = [&](auto const& error, auto&&... values) {
            recorder<Op>{&seen}(error, std::forward<decltype(values)>(values)...);
            ran.open();
        };

        Op::start(b, handler);
        ran.wait();
    }

    BOOST_TEST(seen.runs == 1);
    BOOST_TEST(seen.right == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_bind_allocator, Op, functions)
{
    bench b;
    record seen;
    std::atomic<long> made = 0, live = 0;
    auto handler = asio::bind_allocator(counting_allocator<void*>(made, live), recorder<Op>{&seen});

    Op::start(b, asio::bind_executor(b.io, handler));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 1);
    BOOST_TEST(made.load() > 0);
    // What the allocator made for the block of a call lives as long as the call's handles.
    b.pool.shutdown();
    BOOST_TEST(live.load() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_bind_cancellation_slot, Op, functions)
{
    bench b;
    record seen;
    asio::cancellation_signal signal;
    auto handler = asio::bind_cancellation_slot(signal.slot(), recorder<Op>{&seen});

    Op::start(b, asio::bind_executor(b.io, handler));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 1);
    BOOST_TEST(!signal.slot().has_handler());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_any_completion_handler, Op, functions)
{
    bench b;
    record seen;
    asio::any_completion_handler<typename Op::signature> handler(
        asio::bind_executor(b.io, recorder<Op>{&seen}));

    Op::start(b, std::move(handler));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.runs == 1);
    BOOST_TEST(seen.right == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_append, Op, functions)
{
    bench b;
    record seen;
    int appended = 0;
    auto handler = [&]<class... A>(A&&... a) {
        auto all = std::forward_as_tuple(std::forward<A>(a)...);
        appended = std::get<sizeof...(A) - 1>(all);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            recorder<Op>{&seen}(std::get<I>(std::move(all))...);
        }(std::make_index_sequence<sizeof...(A) - 1>());
    };

    Op::start(b, asio::append(asio::bind_executor(b.io, handler), 7));

    BOOST_TEST(b.run());
    BOOST_TEST(appended == 7);
    BOOST_TEST(seen.right == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_prepend, Op, functions)
{
    bench b;
    record seen;
    int prepended = 0;
    auto handler = [&](int first, auto const& error, auto&&... values) {
        prepended = first;
        recorder<Op>{&seen}(error, std::forward<decltype(values)>(values)...);
    };

    Op::start(b, asio::prepend(asio::bind_executor(b.io, handler), 7));

    BOOST_TEST(b.run());
    BOOST_TEST(prepended == 7);
    BOOST_TEST(seen.right == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_consign, Op, functions)
{
    bench b;
    record seen;
    auto const kept = std::make_shared<int>(0);

    Op::start(b, asio::consign(asio::bind_executor(b.io, recorder<Op>{&seen}), kept));

    BOOST_TEST(b.run());
    BOOST_TEST(seen.right == 1);
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_01_detached, Op, functions)
{
    bench b;

    Op::start(b, asio::bind_executor(b.io, asio::detached));

    BOOST_TEST(b.run());
}
