// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A signal a millisecond, without SA_RESTART, while everything is used.

#include "support/gate.hpp"
#include "support/poll.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/error.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <csignal>
#include <vector>

#include <sys/time.h>

using namespace cofu::test;

namespace {

std::atomic<int> signals{0};

// SIGALRM at 1 kHz.
class signal_storm {
public:
    signal_storm()
    {
        struct sigaction action = {};
        action.sa_handler = [](int) { ++signals; };
        sigaction(SIGALRM, &action, &before_);
        itimerval const each = {{0, 1000}, {0, 1000}};
        setitimer(ITIMER_REAL, &each, nullptr);
    }
    ~signal_storm()
    {
        itimerval const never = {};
        setitimer(ITIMER_REAL, &never, nullptr);
        sigaction(SIGALRM, &before_, nullptr);
    }

private:
    struct sigaction before_ = {};
};

}  // namespace

BOOST_AUTO_TEST_CASE(R2_a_storm_of_signals_disturbs_nothing, *time_limit(120))
{
    signals = 0;
    signal_storm const storm;
    int wrong = 0;

    for (std::size_t round = 0; round < scaled(200); ++round) {
        cofu::thread_pool_executor pool(
            cofu::thread_pool_options{.max_workers = 3, .max_queue = 16});
        boost::asio::io_context io;
        int completions = 0;

        auto const waiting = pool.submit([] {
            boost::this_thread::sleep_for(boost::chrono::milliseconds(2));
            return 42;
        });
        auto const timed = pool.submit(cofu::task_options{.timeout = std::chrono::milliseconds(1)},
            [] { boost::this_thread::sleep_for(boost::chrono::minutes(10)); });
        boost::asio::steady_timer timer(pool, std::chrono::milliseconds(1));
        gate expired;
        timer.async_wait([&](auto) { expired.open(); });
        for (int i = 0; i < 20; ++i)
            pool.async_invoke([] { return 1; },
                              boost::asio::bind_executor(io, [&](std::exception_ptr e, int n) {
                                  completions += e ? 100 : n;
                              }));

        (void)waiting.wait_for(std::chrono::microseconds(100));
        wrong += waiting.result() != 42;
        try {
            timed.result();
            ++wrong;
        } catch (cofu::task_timed_out const&) {
        }
        io.run();
        wrong += completions != 20;
        expired.wait();
        pool.shutdown();
    }

    BOOST_TEST(wrong == 0);
    BOOST_TEST(poll_until([] { return signals > 10; }));
}
