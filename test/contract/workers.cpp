// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The threads of a thread pool: how many, when, and what they are called.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"
#include "support/process_snapshot.hpp"
#include "support/small_stack.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

using namespace cofu::test;

namespace {

std::string name_of_this_thread()
{
    char name[16] = {};
    pthread_getname_np(pthread_self(), name, sizeof name);
    return name;
}

template <class Kind>
void wait_until_asleep(typename Kind::pool& pool, std::size_t workers)
{
    BOOST_REQUIRE(poll_until([&] { return pool.stats().idle == workers; }));
}

// Seconds of processor time that this process used.
double processor_time()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_no_thread_before_the_first_call, Kind,
                              shared_memory_pool_kinds)
{
    auto const before = threads_of_this_process().size();

    typename Kind::pool pool(Kind::workers(4));

    BOOST_TEST(threads_of_this_process().size() == before);
    BOOST_TEST(pool.stats().workers == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_sequential_calls_use_one_worker, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    std::set<std::thread::id> threads;

    for (int i = 0; i < 1000; ++i)
        threads.insert(pool.submit([] { return std::this_thread::get_id(); }).result());

    BOOST_TEST(threads.size() == 1u);
    BOOST_TEST(pool.stats().workers == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_one_worker_is_started_for_a_call_while_none_is_idle, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    typename Kind::gate gate;

    for (std::size_t i = 1; i <= 3; ++i) {
        pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
        gate.wait_for_arrivals(i);
        BOOST_TEST(pool.stats().workers == i);
    }
    gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_calls_submitted_together_run_together, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(8));
    rendezvous all(8);
    std::vector<cofu::future<void>> futures;

    for (int i = 0; i < 8; ++i)
        futures.push_back(pool.submit([&all] { all.arrive_and_wait(); }));

    for (auto const& f : futures)
        BOOST_CHECK_NO_THROW(f.result());
    BOOST_TEST(pool.stats().workers == 8u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_sleeping_workers_run_together, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    for (int round = 0; round < 20; ++round) {
        rendezvous all(4);
        std::vector<cofu::future<void>> futures;
        for (int i = 0; i < 4; ++i)
            futures.push_back(pool.submit([&all] { all.arrive_and_wait(); }));
        for (auto const& f : futures)
            BOOST_REQUIRE_NO_THROW(f.result());
        wait_until_asleep<Kind>(pool, 4);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_never_more_than_max_workers, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(3));
    std::atomic<int> running{0}, most{0};

    std::vector<cofu::future<void>> futures;
    for (int i = 0; i < 500; ++i)
        futures.push_back(pool.submit([&] {
            int const now = ++running;
            for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            --running;
        }));
    for (auto const& f : futures)
        f.wait();

    BOOST_TEST(most <= 3);
    BOOST_TEST(pool.stats().workers <= 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_a_worker_in_a_callback_is_not_idle, Kind,
                              shared_memory_pool_kinds)
{
    gate callback;
    arrivals in_callback;
    typename Kind::pool pool(Kind::workers(2));
    typename Kind::gate call;
    gate_opener const opener(callback);
    auto f = pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); },
                         call.get_handle());
    call.wait_for_arrivals(1);
    f.add_done_callback([&](auto const&) {
        in_callback.arrive();
        callback.wait();
    });
    call.open();
    in_callback.wait_for_count(1);

    auto const other = pool.submit([] { return 42; });

    BOOST_TEST(other.result(default_limit / 2) == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_a_worker_that_destroys_a_result_is_not_idle, Kind,
                              shared_memory_pool_kinds)
{
    struct blocks_at_end {
        arrivals* came;
        gate* door;
        bool armed = true;
        blocks_at_end(arrivals& c, gate& d) : came(&c), door(&d) {}
        blocks_at_end(blocks_at_end&& o)
            : came(o.came), door(o.door), armed(std::exchange(o.armed, false))
        {
        }
        ~blocks_at_end()
        {
            if (armed) {
                came->arrive();
                door->try_wait();
            }
        }
    };
    gate door;
    arrivals came;
    typename Kind::pool pool(Kind::workers(2));
    gate_opener const opener(door);
    pool.submit([&] { return blocks_at_end(came, door); });
    came.wait_for_count(1);

    auto const other = pool.submit([] { return 42; });

    BOOST_TEST(other.result(default_limit / 2) == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_a_worker_in_its_initializer_is_not_idle, Kind,
                              shared_memory_pool_kinds)
{
    gate initialize;
    std::atomic<int> initializers{0};
    auto options = Kind::workers(2);
    options.initializer = [&] {
        if (++initializers == 1)
            initialize.wait();
    };
    typename Kind::pool pool(options);
    gate_opener const opener(initialize);

    auto const a = pool.submit([] { return 1; });
    BOOST_REQUIRE(poll_until([&] { return initializers == 1; }));
    auto const b = pool.submit([] { return 2; });

    BOOST_TEST(b.result(default_limit / 2) == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_02_workers_are_named_after_the_prefix, Kind,
                              shared_memory_pool_kinds)
{
    auto options = Kind::workers(2);
    options.thread_name_prefix = "db";
    typename Kind::pool pool(options);
    rendezvous both(2);
    auto const named = [&both] {
        both.arrive_and_wait();
        return name_of_this_thread();
    };

    auto const a = pool.submit(named);
    auto const b = pool.submit(named);

    std::set<std::string> const names{a.result(), b.result()};
    BOOST_TEST((names == std::set<std::string>{"db_0", "db_1"}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_02_a_long_prefix_is_cut_so_that_the_number_stays, Kind,
                              shared_memory_pool_kinds)
{
    auto options = Kind::workers(1);
    options.thread_name_prefix = "a-prefix-that-is-far-too-long";
    typename Kind::pool pool(options);

    BOOST_TEST(pool.submit(name_of_this_thread).result() == "a-prefix-that_0");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_02_the_default_name_says_thread_pool_executor, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const name = pool.submit(name_of_this_thread).result();

    BOOST_TEST(name == "ThreadPoolExe_0");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_05_an_idle_pool_uses_no_processor, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(4));
    rendezvous all(4);
    std::vector<cofu::future<void>> futures;
    for (int i = 0; i < 4; ++i)
        futures.push_back(pool.submit([&all] { all.arrive_and_wait(); }));
    for (auto const& f : futures)
        f.wait();
    wait_until_asleep<Kind>(pool, 4);

    auto const before = processor_time();
    poll_until([] { return false; }, std::chrono::milliseconds(300));
    auto const used = processor_time() - before;

    // The polling itself uses some; a spinning worker would use all of the time.
    BOOST_TEST(used < 0.1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_05_workers_in_a_shutdown_use_no_processor, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(3));
    typename Kind::gate gate;
    pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    rendezvous both(2);
    arrivals shutting;
    for (int i = 0; i < 2; ++i)
        pool.submit([&] {
            both.arrive_and_wait();
            shutting.arrive();
            pool.shutdown();
        });
    gate.wait_for_arrivals(1);
    shutting.wait_for_count(2);

    auto const before = processor_time();
    poll_until([] { return false; }, std::chrono::milliseconds(300));
    auto const used = processor_time() - before;
    gate.open();
    pool.shutdown();

    BOOST_TEST(used < 0.1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_idle_timeout_ends_workers_and_starts_them_again, Kind,
                              shared_memory_pool_kinds)
{
    auto options = Kind::workers(2);
    options.idle_timeout = std::chrono::milliseconds(1);
    typename Kind::pool pool(options);

    for (int i = 0; i < 20; ++i) {
        BOOST_TEST(pool.submit([] { return 42; }).result() == 42);
        BOOST_REQUIRE(poll_until([&] { return pool.stats().workers == 0; }));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R3_workers_that_ended_do_not_pile_up, Kind, shared_memory_pool_kinds)
{
    auto options = Kind::workers(2);
    options.idle_timeout = std::chrono::milliseconds(1);
    typename Kind::pool pool(options);
    typename Kind::gate gate;
    pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(1);
    auto const threads = threads_of_this_process().size();

    for (int i = 0; i < 50; ++i) {
        pool.submit([] {}).wait();
        BOOST_REQUIRE(poll_until([&] { return pool.stats().workers == 1; }));
    }

    BOOST_TEST(poll_until([&] { return threads_of_this_process().size() <= threads; }));
    gate.open();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_idle_timeout_zero_still_runs_everything, Kind,
                              shared_memory_pool_kinds)
{
    auto options = Kind::workers(2);
    options.idle_timeout = std::chrono::milliseconds(0);
    typename Kind::pool pool(options);
    std::vector<cofu::future<int>> futures;

    for (int i = 0; i < 500; ++i)
        futures.push_back(pool.submit([](int x) { return x; }, i));

    int sum = 0;
    for (auto const& f : futures)
        sum += f.result();
    BOOST_TEST(sum == 499 * 500 / 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TPE_01_stack_size_is_what_the_workers_get, Kind,
                              shared_memory_pool_kinds)
{
    auto options = Kind::workers(1);
    options.stack_size = small_stack_size;
    typename Kind::pool pool(options);

    auto const f = pool.submit([] {
        pthread_attr_t attributes;
        pthread_getattr_np(pthread_self(), &attributes);
        std::size_t size = 0;
        pthread_attr_getstacksize(&attributes, &size);
        pthread_attr_destroy(&attributes);
        return size;
    });

    BOOST_TEST(f.result() >= small_stack_size);
    BOOST_TEST(f.result() < 2 * small_stack_size);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(R3_a_thread_local_destructor_of_a_worker_may_shut_the_pool_down, Kind,
                              shared_memory_pool_kinds)
{
    struct at_thread_exit {
        typename Kind::pool* pool = nullptr;
        ~at_thread_exit()
        {
            if (pool)
                pool->shutdown();
        }
    };
    typename Kind::pool pool(Kind::workers(2));
    rendezvous both(2);

    for (int i = 0; i < 2; ++i)
        pool.submit([&] {
            static thread_local at_thread_exit guard;
            guard.pool = &pool;
            both.arrive_and_wait();
        });
    pool.shutdown();

    BOOST_TEST(pool.stats().workers == 0u);
}
