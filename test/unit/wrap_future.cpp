// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A std::future as one of ours.

#include <cofu/thread_pool_executor.hpp>
#include <cofu/wrap_future.hpp>

#include <boost/test/unit_test.hpp>

#include <future>
#include <memory>
#include <stdexcept>

BOOST_AUTO_TEST_CASE(R1_a_wrapped_future_gives_the_value)
{
    cofu::thread_pool_executor pool(1);
    std::promise<int> promise;

    auto const f = cofu::wrap_future(pool, promise.get_future());
    bool const done_before = f.done();
    promise.set_value(42);

    BOOST_TEST(!done_before);
    BOOST_TEST(f.result() == 42);
}

BOOST_AUTO_TEST_CASE(R1_a_wrapped_future_gives_the_exception)
{
    cofu::thread_pool_executor pool(1);
    std::promise<int> promise;
    promise.set_exception(std::make_exception_ptr(std::out_of_range("none")));

    auto const f = cofu::wrap_future(pool, promise.get_future());

    BOOST_CHECK_THROW(f.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(R1_void_references_and_move_only_values_are_wrapped)
{
    cofu::thread_pool_executor pool(1);
    std::promise<void> nothing;
    std::promise<int&> reference;
    std::promise<std::unique_ptr<int>> owner;
    int target = 0;
    nothing.set_value();
    reference.set_value(target);
    owner.set_value(std::make_unique<int>(42));

    auto const v = cofu::wrap_future(pool, nothing.get_future());
    auto const r = cofu::wrap_future(pool, reference.get_future());
    auto o = cofu::wrap_future(pool, owner.get_future());

    BOOST_CHECK_NO_THROW(v.result());
    BOOST_TEST(&r.result() == &target);
    BOOST_TEST(*std::move(o).result() == 42);
}

BOOST_AUTO_TEST_CASE(R1_a_broken_promise_is_the_standards_error)
{
    cofu::thread_pool_executor pool(1);
    std::future<int> broken;
    {
        std::promise<int> promise;
        broken = promise.get_future();
    }

    auto const f = cofu::wrap_future(pool, std::move(broken));

    BOOST_CHECK_THROW(f.result(), std::future_error);
}

BOOST_AUTO_TEST_CASE(R1_a_wrapped_future_that_waits_for_a_worker_can_be_cancelled)
{
    cofu::thread_pool_executor pool(1);
    std::promise<int> first, second;
    auto const running = cofu::wrap_future(pool, first.get_future());
    auto queued = cofu::wrap_future(pool, second.get_future());

    bool const cancelled = queued.cancel();
    first.set_value(1);

    BOOST_TEST(cancelled);
    BOOST_TEST(running.result() == 1);
}

BOOST_AUTO_TEST_CASE(R4_a_future_that_was_refused_is_untouched)
{
    cofu::thread_pool_executor pool(1);
    pool.shutdown();
    std::promise<int> promise;
    auto f = promise.get_future();

    BOOST_CHECK_THROW(cofu::wrap_future(pool, std::move(f)), cofu::shut_down_error);
}
