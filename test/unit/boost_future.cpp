// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Futures of Boost.Thread as ours, and ours as theirs.

#define BOOST_THREAD_VERSION 4

#include <cofu/boost_future.hpp>
#include <cofu/promise.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>

namespace {

struct own_error : std::runtime_error {
    explicit own_error(int c) : std::runtime_error("own error"), code(c) {}
    int code;
};

}  // namespace

BOOST_AUTO_TEST_CASE(R1_a_wrapped_boost_future_gives_the_value)
{
    cofu::thread_pool_executor pool(1);
    boost::promise<int> promise;

    auto const f = cofu::wrap_future(pool, promise.get_future());
    promise.set_value(42);

    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE(R1_a_wrapped_boost_future_gives_the_exception)
{
    cofu::thread_pool_executor pool(1);
    boost::promise<int> promise;
    promise.set_exception(std::out_of_range("none"));

    auto const f = cofu::wrap_future(pool, promise.get_future());

    BOOST_CHECK_THROW(f.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(R1_void_and_move_only_boost_futures_are_wrapped)
{
    cofu::thread_pool_executor pool(1);
    boost::promise<void> nothing;
    boost::promise<std::unique_ptr<int>> owner;
    nothing.set_value();
    owner.set_value(std::make_unique<int>(42));

    auto const v = cofu::wrap_future(pool, nothing.get_future());
    auto o = cofu::wrap_future(pool, owner.get_future());

    BOOST_CHECK_NO_THROW(v.result());
    BOOST_TEST(*std::move(o).result() == 42);
}

BOOST_AUTO_TEST_CASE(FUT_13_waiting_for_a_boost_future_is_an_interruption_point)
{
    cofu::thread_pool_executor pool(1);
    boost::promise<int> never;
    auto f = cofu::wrap_future(pool, never.get_future());

    f.request_stop();

    BOOST_CHECK_THROW(f.result(std::chrono::seconds(60)), cofu::cancelled_error);
}

BOOST_AUTO_TEST_CASE(R1_to_boost_future_gives_the_value)
{
    cofu::promise<std::unique_ptr<int>> owner;
    cofu::promise<void> nothing;

    auto o = cofu::to_boost_future(owner.get_future());
    auto v = cofu::to_boost_future(nothing.get_future());
    bool const ready_before = o.is_ready();
    owner.set_result(std::make_unique<int>(42));
    nothing.set_result();

    BOOST_TEST(!ready_before);
    BOOST_TEST(*o.get() == 42);
    BOOST_CHECK_NO_THROW(v.get());
}

BOOST_AUTO_TEST_CASE(R1_to_boost_future_gives_references)
{
    int target = 0;
    cofu::promise<int&> promise;
    promise.set_result(target);

    auto f = cofu::to_boost_future(promise.get_future());

    BOOST_TEST(&f.get() == &target);
}

BOOST_AUTO_TEST_CASE(FUT_07_to_boost_future_gives_the_calls_own_exception)
{
    cofu::promise<int> promise;
    promise.set_exception(std::make_exception_ptr(own_error(42)));

    auto f = cofu::to_boost_future(promise.get_future());

    BOOST_CHECK_EXCEPTION(f.get(), own_error, [](own_error const& e) { return e.code == 42; });
}

BOOST_AUTO_TEST_CASE(FUT_02_to_boost_future_of_a_cancelled_one)
{
    cofu::promise<int> promise;
    auto source = promise.get_future();
    auto f = cofu::to_boost_future(source);

    source.cancel();

    BOOST_CHECK_THROW(f.get(), cofu::cancelled_error);
}

BOOST_AUTO_TEST_CASE(FUT_10_to_boost_future_of_a_broken_promise)
{
    boost::future<int> f;
    {
        cofu::promise<int> promise;
        f = cofu::to_boost_future(promise.get_future());
    }

    BOOST_CHECK_THROW(f.get(), cofu::broken_promise);
}
