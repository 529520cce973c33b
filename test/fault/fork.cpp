// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A pool in a forked child: a clear error, and an end without a hang.

#include "support/gate.hpp"
#include "support/poll.hpp"
#include "support/sanitizers.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/error.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace cofu::test;

namespace {

constexpr int good = 7;

// What the child does with its own life: `f` says whether all was right.
template <class F>
[[noreturn]] void be_child(F& f)
{
    alarm(30);  // a hang is a death by a signal
    bool right = false;
    try {
        right = f();
    } catch (...) {
    }
    _exit(right ? good : 1);
}

std::string outcome(pid_t child)
{
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        return "signal " + std::to_string(WTERMSIG(status));
    return WEXITSTATUS(status) == good ? "good" : "status " + std::to_string(WEXITSTATUS(status));
}

// Runs `f` in a child made by `make_child`.
template <class F>
std::string in_child(F f, pid_t (*make_child)() = &fork)
{
    pid_t const child = make_child();
    if (child == 0)
        be_child(f);
    return outcome(child);
}

// True: `f` throws the error of a pool that belongs to the parent.
template <class F>
bool is_refused(F f)
{
    try {
        f();
    } catch (cofu::invalid_state_error const&) {
        return true;
    }
    return false;
}

bool every_use_is_refused(cofu::thread_pool_executor& pool)
{
    return is_refused([&] { pool.submit([] {}); })
        && is_refused([&] { (void)pool.try_submit([] {}); })
        && is_refused([&] { boost::asio::post(pool, [] {}); });
}

// A pool with a worker that runs a call and one that is asleep.
struct used_pool {
    used_pool()
    {
        pool->submit([this] { hold.wait(); });
        pool->submit([] {}).wait();
        poll_until([&] { return pool->stats().idle == 1; });
    }
    ~used_pool() { hold.open(); }

    gate hold;
    std::unique_ptr<cofu::thread_pool_executor> pool =
        std::make_unique<cofu::thread_pool_executor>(2);
};

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_08_every_use_in_a_child_is_a_clear_error)
{
    used_pool used;

    auto const child = in_child([&] { return every_use_is_refused(*used.pool); });

    BOOST_TEST(child == "good");
}

BOOST_AUTO_TEST_CASE(ASY_08_it_is_so_where_no_fork_handler_ran)
{
    used_pool used;

    auto const child = in_child([&] { return every_use_is_refused(*used.pool); }, &_Fork);

    BOOST_TEST(child == "good");
}

BOOST_AUTO_TEST_CASE(ASY_08_a_pool_without_a_thread_is_refused_too)
{
    cofu::thread_pool_executor pool(1);

    auto const child = in_child([&] { return every_use_is_refused(pool); });

    BOOST_TEST(child == "good");
    BOOST_TEST(pool.submit([] { return 42; }).result() == 42);
}

BOOST_AUTO_TEST_CASE(ASY_08_shutdown_in_a_child_returns)
{
    used_pool used;

    auto const child = in_child([&] {
        used.pool->shutdown();
        used.pool->shutdown({.cancel_futures = true});
        return used.pool->stats().workers == 0;
    });

    BOOST_TEST(child == "good");
}

BOOST_AUTO_TEST_CASE(ASY_08_destroying_it_in_a_child_returns)
{
    used_pool used;

    auto const child = in_child([&] {
        used.pool.reset();
        return true;
    });

    BOOST_TEST(child == "good");
}

BOOST_AUTO_TEST_CASE(ASY_08_so_it_does_after_a_timer_was_used_on_it)
{
    used_pool used;
    boost::asio::steady_timer timer(*used.pool, std::chrono::milliseconds(1));
    gate expired;
    timer.async_wait([&](auto) { expired.open(); });
    expired.wait();

    auto const child = in_child([&] {
        used.pool.reset();
        return true;
    });

    BOOST_TEST(child == "good");
}

BOOST_AUTO_TEST_CASE(ASY_08_so_it_does_with_a_call_in_the_queue)
{
    cofu::future<void> queued;
    used_pool used;
    used.pool->submit([&used] { used.hold.wait(); });
    queued = used.pool->submit([] {});

    auto const child = in_child([&] {
        used.pool.reset();
        return !queued.done();
    });

    BOOST_TEST(child == "good");
}

BOOST_AUTO_TEST_CASE(ASY_08_a_daemon_is_a_child_too)
{
    used_pool used;

    auto const child = in_child([&] {
        // As in daemon(3): the middle process leaves; here it stays to pass the outcome on.
        return outcome([&] {
            pid_t const daemon = fork();
            if (daemon == 0) {
                setsid();
                auto const f = [&] {
                    bool const refused = every_use_is_refused(*used.pool);
                    used.pool.reset();
                    return refused;
                };
                be_child(f);
            }
            return daemon;
        }()) == "good";
    });

    BOOST_TEST(child == "good");
}

// ThreadSanitizer ends a child of a program with threads that makes threads itself.
#if !defined(COFU_TEST_UNDER_TSAN)
BOOST_AUTO_TEST_CASE(ASY_08_a_pool_made_in_a_child_works)
{
    used_pool used;

    auto const child = in_child([&] {
        cofu::thread_pool_executor mine(2);
        boost::asio::steady_timer timer(mine, std::chrono::milliseconds(1));
        gate expired;
        timer.async_wait([&](auto) { expired.open(); });
        expired.wait();
        return mine.submit([] { return 42; }).result() == 42 && every_use_is_refused(*used.pool);
    });

    BOOST_TEST(child == "good");
}
#endif

BOOST_AUTO_TEST_CASE(ASY_08_forks_under_load, *time_limit(120))
{
    cofu::thread_pool_executor pool(2);
    std::atomic<bool> stop{false};
    std::thread submitter([&] {
        while (!stop)
            pool.submit([] { return std::string(100, 'x'); }).wait();
    });
    std::vector<std::string> bad;

    for (std::size_t i = 0; i < scaled(1000) && bad.empty(); ++i) {
        auto const child = in_child([&] { return is_refused([&] { pool.submit([] {}); }); });
        if (child != "good")
            bad.push_back(child);
    }
    stop = true;
    submitter.join();

    BOOST_TEST(bad.empty());
    BOOST_TEST(pool.submit([] { return 42; }).result() == 42);
}
