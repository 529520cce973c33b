// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Pools that live until the end of the program.

#include "support/child_case.hpp"
#include "support/leak_guard.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <string>

#include <unistd.h>

using namespace cofu::test;
using boost::unit_test::disabled;

namespace {

std::atomic<int> calls{0};

// Destroyed in the reverse order: the last submitter, the pool, the judge.
struct judge {
    int expected = 0;
    ~judge()
    {
        if (calls != expected)
            _exit(3);
    }
};
judge the_judge;
cofu::thread_pool_executor global_pool(4);
struct last_submitter {
    bool active = false;
    ~last_submitter()
    {
        if (!active)
            return;
        for (int i = 0; i < 50; ++i)
            global_pool.submit([] { ++calls; });
    }
};
last_submitter the_last;

cofu::thread_pool_executor& local_pool()
{
    static cofu::thread_pool_executor pool(4);
    return pool;
}

// The case's threads stay until the end of the program.
template <class F>
void leave(F f)
{
    allow_process_wide([&f] { f(); });
}

void run_children(std::string const& name, int expected_status = 0)
{
    for (std::size_t i = 0; i < scaled(200); ++i) {
        auto const child = run_case_in_child(name);
        BOOST_REQUIRE_MESSAGE(child.signal == 0 && child.exit_status == expected_status,
                              "run " << i << ": signal " << child.signal << ", status "
                                     << child.exit_status << "\n" << child.output);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_global_pool, *disabled())
{
    leave([] {
        the_judge.expected = 100;
        the_last.active = true;
        for (int i = 0; i < 50; ++i)
            global_pool.submit([] { ++calls; }).wait();
    });
}

BOOST_AUTO_TEST_CASE(SHD_05_a_global_pool_drains_at_exit, *time_limit(120))
{
    run_children("a_global_pool");
}

BOOST_AUTO_TEST_CASE(a_local_static_pool, *disabled())
{
    leave([] {
        the_judge.expected = 50;
        for (int i = 0; i < 50; ++i)
            local_pool().submit(cofu::task_options{.timeout = std::chrono::minutes(1)},
                                [] { ++calls; })
                .wait();
    });
}

BOOST_AUTO_TEST_CASE(SHD_05_a_local_static_pool_ends_at_exit, *time_limit(120))
{
    run_children("a_local_static_pool");
}

BOOST_AUTO_TEST_CASE(a_global_pool_with_a_timer, *disabled())
{
    leave([] {
        static boost::asio::steady_timer timer(global_pool, std::chrono::hours(1));
        timer.async_wait([](auto) {});
        global_pool.submit([] {}).wait();
    });
}

BOOST_AUTO_TEST_CASE(SHD_05_a_global_pool_with_a_timer_ends_at_exit, *time_limit(120))
{
    run_children("a_global_pool_with_a_timer");
}

BOOST_AUTO_TEST_CASE(a_call_that_exits, *disabled())
{
    global_pool.submit([] {
        ++calls;
        the_judge.expected = 1;
        std::exit(5);
    }).wait();
}

BOOST_AUTO_TEST_CASE(SHD_01_a_call_may_exit_the_program, *time_limit(120))
{
    run_children("a_call_that_exits", 5);
}

BOOST_AUTO_TEST_CASE(a_pool_used_after_its_end, *disabled())
{
    struct late {
        ~late()
        {
            bool refused = false;
            try {
                global_pool.submit([] {});
            } catch (...) {
                refused = true;
            }
            _exit(refused ? 0 : 4);
        }
    };
    leave([] {
        static late at_exit;
        global_pool.submit([] {}).wait();
        global_pool.shutdown();
    });
}

BOOST_AUTO_TEST_CASE(SHD_05_a_shut_pool_refuses_at_exit)
{
    auto const child = run_case_in_child("a_pool_used_after_its_end");

    BOOST_TEST(child.exit_status == 0);
}
