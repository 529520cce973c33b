// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The executor of a thread pool: Asio's concepts and properties.

#include "support/gate.hpp"

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <thread>

using namespace cofu::test;
namespace asio = boost::asio;
namespace ex = boost::asio::execution;

using executor = cofu::thread_pool_executor::executor_type;

// ASY-06: the concepts.
static_assert(ex::is_executor<executor>::value);
static_assert(std::is_convertible_v<executor, asio::any_io_executor>);
static_assert(std::is_convertible_v<executor, asio::any_completion_executor>);
static_assert(std::is_convertible_v<cofu::thread_pool_executor&, asio::execution_context&>);
static_assert(std::is_nothrow_copy_constructible_v<executor>);
static_assert(std::is_nothrow_move_constructible_v<executor>);
static_assert(std::is_nothrow_destructible_v<executor>);

template <class P>
constexpr bool requirable =
    asio::can_require<executor, P>::value && asio::can_prefer<executor, P>::value;
static_assert(requirable<ex::blocking_t::possibly_t>);
static_assert(asio::can_require<executor, ex::blocking_t::always_t>::value);
static_assert(requirable<ex::blocking_t::never_t>);
static_assert(requirable<ex::relationship_t::fork_t>);
static_assert(requirable<ex::relationship_t::continuation_t>);
static_assert(requirable<ex::outstanding_work_t::tracked_t>);
static_assert(requirable<ex::outstanding_work_t::untracked_t>);
static_assert(requirable<ex::allocator_t<void>>);
static_assert(requirable<ex::allocator_t<std::allocator<int>>>);
static_assert(asio::can_query<executor, ex::context_t>::value);
static_assert(asio::can_query<executor, ex::context_as_t<asio::execution_context&>>::value);
static_assert(asio::can_query<executor, ex::blocking_t>::value);
static_assert(asio::can_query<executor, ex::relationship_t>::value);
static_assert(asio::can_query<executor, ex::outstanding_work_t>::value);
static_assert(asio::can_query<executor, ex::allocator_t<void>>::value);
static_assert(asio::can_query<executor, ex::mapping_t>::value);
static_assert(asio::can_query<executor, ex::occupancy_t>::value);

namespace {

// Counts what goes through it.
template <class T>
struct counting_allocator {
    using value_type = T;

    explicit counting_allocator(std::atomic<int>& n) noexcept : count(&n) {}
    template <class U>
    counting_allocator(counting_allocator<U> const& o) noexcept : count(o.count)
    {
    }

    T* allocate(std::size_t n)
    {
        ++*count;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n) { std::allocator<T>().deallocate(p, n); }

    friend bool operator==(counting_allocator const& a, counting_allocator const& b)
    {
        return a.count == b.count;
    }

    std::atomic<int>* count;
};

// Whether a function runs before `execute` returns, on this thread.
template <class Executor>
bool runs_inside(Executor const& e)
{
    auto const ran_on = std::make_shared<std::atomic<std::thread::id>>();
    e.execute([ran_on] { *ran_on = std::this_thread::get_id(); });
    return *ran_on == std::this_thread::get_id();
}

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_06_the_context_is_the_pool)
{
    cofu::thread_pool_executor pool(1);
    auto const e = pool.get_executor();

    BOOST_TEST(&asio::query(e, ex::context) == &pool);
    BOOST_TEST(&asio::query(asio::any_io_executor(e), ex::context) == &pool);
}

BOOST_AUTO_TEST_CASE(ASY_06_executors_of_one_pool_are_equal)
{
    cofu::thread_pool_executor pool(1), other(1);

    BOOST_TEST((pool.get_executor() == pool.get_executor()));
    BOOST_TEST((pool.get_executor() != other.get_executor()));
    BOOST_TEST((asio::require(pool.get_executor(), ex::blocking.never) != pool.get_executor()));
}

BOOST_AUTO_TEST_CASE(ASY_06_blocking_is_what_was_required)
{
    cofu::thread_pool_executor pool(1);
    auto const e = pool.get_executor();
    auto const blocking = [](auto const& x) { return asio::query(x, ex::blocking); };

    BOOST_TEST((blocking(e) == ex::blocking.possibly));
    BOOST_TEST((blocking(asio::require(e, ex::blocking.never)) == ex::blocking.never));
    BOOST_TEST((blocking(asio::require(e, ex::blocking.always)) == ex::blocking.always));
    auto const always = asio::require(e, ex::blocking.always);
    BOOST_TEST((blocking(asio::require(always, ex::blocking.possibly)) == ex::blocking.possibly));
    BOOST_TEST((blocking(asio::prefer(e, ex::blocking.never)) == ex::blocking.never));
}

BOOST_AUTO_TEST_CASE(ASY_06_relationship_is_what_was_required)
{
    cofu::thread_pool_executor pool(1);
    auto const e = pool.get_executor();

    BOOST_TEST((asio::query(e, ex::relationship) == ex::relationship.fork));
    BOOST_TEST((asio::query(asio::prefer(e, ex::relationship.continuation), ex::relationship)
                == ex::relationship.continuation));
}

BOOST_AUTO_TEST_CASE(ASY_06_outstanding_work_is_what_was_required)
{
    cofu::thread_pool_executor pool(1);
    auto const e = pool.get_executor();
    auto const tracked = asio::require(e, ex::outstanding_work.tracked);

    BOOST_TEST((asio::query(e, ex::outstanding_work) == ex::outstanding_work.untracked));
    BOOST_TEST((asio::query(tracked, ex::outstanding_work) == ex::outstanding_work.tracked));
    BOOST_TEST((asio::require(tracked, ex::outstanding_work.untracked) == e));
}

BOOST_AUTO_TEST_CASE(ASY_06_mapping_and_occupancy_tell_of_threads)
{
    cofu::thread_pool_executor pool(3);
    auto const e = pool.get_executor();

    BOOST_TEST((asio::query(e, ex::mapping) == ex::mapping.thread));
    BOOST_TEST(asio::query(e, ex::occupancy) == 3u);
}

BOOST_AUTO_TEST_CASE(ASY_06_properties_survive_any_io_executor)
{
    cofu::thread_pool_executor pool(1);
    asio::any_io_executor const e = pool.get_executor();

    auto const never = asio::require(e, ex::blocking.never);
    auto const tracked = asio::prefer(never, ex::outstanding_work.tracked);

    BOOST_TEST((asio::query(never, ex::blocking) == ex::blocking.never));
    BOOST_TEST((tracked != never));
    BOOST_TEST((asio::any_io_executor(pool.get_executor()) == e));
}

BOOST_AUTO_TEST_CASE(ASY_06_the_allocator_property_is_used)
{
    cofu::thread_pool_executor pool(1);
    std::atomic<int> allocations{0};
    counting_allocator<void> const a(allocations);

    auto const e = asio::require(pool.get_executor(), ex::allocator(a));
    gate ran;
    e.execute([&ran] { ran.open(); });
    ran.wait();

    BOOST_TEST(allocations == 1);
    BOOST_TEST((asio::query(e, ex::allocator) == a));
}

BOOST_AUTO_TEST_CASE(ASY_06_dispatch_on_a_worker_runs_inline)
{
    cofu::thread_pool_executor pool(1);
    auto const e = pool.get_executor();

    BOOST_TEST(pool.submit([e] { return runs_inside(e); }).result());
    BOOST_TEST(!runs_inside(e));
}

BOOST_AUTO_TEST_CASE(ASY_06_dispatch_on_a_worker_of_another_pool_does_not)
{
    cofu::thread_pool_executor pool(1), other(1);
    auto const e = other.get_executor();
    gate ran;

    auto const inside = pool.submit([&] {
        bool here = false;
        auto const id = std::this_thread::get_id();
        asio::dispatch(e, [&, id] {
            here = std::this_thread::get_id() == id;
            ran.open();
        });
        ran.wait();
        return here;
    });

    BOOST_TEST(!inside.result());
}

BOOST_AUTO_TEST_CASE(ASY_06_post_and_defer_on_a_worker_never_run_inline)
{
    cofu::thread_pool_executor pool(1);
    std::atomic<int> ran{0};

    auto const inside = pool.submit([&] {
        asio::post(pool, [&] { ++ran; });
        asio::defer(pool, [&] { ++ran; });
        return ran.load();
    });

    BOOST_TEST(inside.result() == 0);
    pool.shutdown();
    BOOST_TEST(ran == 2);
}

BOOST_AUTO_TEST_CASE(ASY_06_blocking_always_waits_for_the_function)
{
    cofu::thread_pool_executor pool(2);
    auto const e = asio::require(pool.get_executor(), ex::blocking.always);
    int n = 0;

    for (int i = 0; i < 100; ++i)
        e.execute([&n] { ++n; });

    BOOST_TEST(n == 100);
}

BOOST_AUTO_TEST_CASE(ASY_06_blocking_always_on_a_worker_runs_inline)
{
    cofu::thread_pool_executor pool(1);
    auto const e = asio::require(pool.get_executor(), ex::blocking.always);

    auto const f = pool.submit([&] { return runs_inside(e); });

    BOOST_TEST(f.result());
}

BOOST_AUTO_TEST_CASE(ASY_06_blocking_always_on_a_closed_pool_returns)
{
    cofu::thread_pool_executor pool(1);
    auto const e = asio::require(pool.get_executor(), ex::blocking.always);
    pool.shutdown();
    bool ran = false;

    e.execute([&ran] { ran = true; });

    BOOST_TEST(!ran);
}

BOOST_AUTO_TEST_CASE(ASY_06_move_only_functions_are_taken)
{
    cofu::thread_pool_executor pool(1);
    gate ran;
    int seen = 0;

    asio::post(pool, [p = std::make_unique<int>(42), &seen, &ran] {
        seen = *p;
        ran.open();
    });
    ran.wait();

    BOOST_TEST(seen == 42);
}
