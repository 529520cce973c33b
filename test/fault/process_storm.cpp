// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Workers are killed at random while the pool is busy.

#include "contract/pool_kinds.hpp"
#include "support/scale.hpp"
#include "support/watchdog.hpp"

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <deque>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

using namespace cofu::test;

namespace {

struct answer {
    int pid = 0;
    int number = 0;
};

answer work(int number)
{
    volatile int spin = 0;
    for (int i = 0; i < 20'000; ++i)
        spin = spin + 1;
    return {::getpid(), number};
}

// A number that the system has given to another process since must not be hit.
bool is_worker(int pid)
{
    std::string name;
    std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
    return name == "cofu worker";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(busy, *time_limit(60))

BOOST_AUTO_TEST_CASE_TEMPLATE(R1_every_call_ends_while_workers_are_killed, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(3));
    rng random;
    std::deque<std::pair<int, cofu::future<answer>>> calls;
    std::vector<int> pids(3);
    std::size_t const wanted = scaled(1'000);
    std::size_t killed = 0, lost = 0, done = 0;
    int number = 0;

    while (killed < wanted) {
        while (calls.size() < 32) {
            ++number;
            calls.emplace_back(number, pool.submit(&work, number));
        }
        auto const [expected, f] = std::move(calls.front());
        calls.pop_front();
        try {
            auto const a = f.result();
            BOOST_REQUIRE(a.number == expected);
            pids[static_cast<std::size_t>(random()) % pids.size()] = a.pid;
            ++done;
        } catch (cofu::worker_crashed const& e) {
            BOOST_REQUIRE(e.signal().value_or(0) == SIGKILL);
            ++lost;
        }
        auto const victim = pids[static_cast<std::size_t>(random()) % pids.size()];
        if (random() % 4 == 0 && victim != 0 && is_worker(victim) && ::kill(victim, SIGKILL) == 0)
            ++killed;
    }
    for (auto& [expected, f] : calls)
        f.wait();

    BOOST_TEST(lost <= killed);
    BOOST_TEST(done > 0u);
    BOOST_TEST(pool.submit(&work, 1).result().number == 1);
}

BOOST_AUTO_TEST_SUITE_END()
