// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// S8: calls that block. No worker may sleep while one waits to begin: 20 naps a worker last as long
// as 20 naps, whoever submitted them.

#include "support/contender.hpp"
#include "support/pools.hpp"
#include "support/ticks.hpp"

#include <string>
#include <thread>

namespace {

constexpr std::size_t naps_per_worker = 20;
constexpr auto nap = std::chrono::milliseconds(1);

template <class Pool>
void post_naps(Pool& pool, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        pool.post([] {
            std::this_thread::sleep_for(nap);
            bench::tick();
        });
}

enum class submitter { outside, worker };

template <class Pool>
bench::outcome naps(std::size_t workers, submitter by)
{
    auto const count = workers * bench::scaled(naps_per_worker);
    Pool pool(workers);
    auto goal = bench::ticks() + workers;
    post_naps(pool, workers);
    bench::wait_for_ticks(goal);

    goal += count;
    bench::meter const meter;
    if (by == submitter::outside)
        post_naps(pool, count);
    else
        pool.post([&pool, count] { post_naps(pool, count); });
    bench::wait_for_ticks(goal);
    return meter.read(count);
}

template <class Pool>
struct contenders {
    explicit contenders(std::string const& name)
    {
        for (std::size_t const workers : {2, 8, 32}) {
            auto const scenario = "S8/" + std::to_string(workers);
            bench::contender(scenario + "_flat/" + name,
                             [workers] { return naps<Pool>(workers, submitter::outside); });
            bench::contender(scenario + "_nested/" + name,
                             [workers] { return naps<Pool>(workers, submitter::worker); });
        }
    }
};

contenders<bench::asio_post> const asio_post("asio_post");
contenders<bench::cofu_post> const cofu_post("cofu_post");
contenders<bench::cofu_submit> const cofu_submit("cofu_submit");

}  // namespace
