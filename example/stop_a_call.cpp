// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Ending calls that are no longer wanted: before they begin, and while they run.

#include <cofu.hpp>

#include <chrono>
#include <functional>
#include <iostream>
#include <latch>
#include <stdexcept>
#include <stop_token>

using namespace std::chrono_literals;

namespace {

// As with std::jthread: a function that takes a stop token first is given one.
long count_until_stopped(std::stop_token stop, std::latch& begun)
{
    begun.count_down();
    long count = 0;
    while (!stop.stop_requested())
        ++count;
    return count;
}

// Knows of no token. The waits of cofu and of Boost.Thread can be interrupted.
void wait_for(std::latch& begun, cofu::future<void> const& answer)
{
    begun.count_down();
    answer.wait();
}

void check(bool holds, char const* what)
{
    if (!holds)
        throw std::logic_error(what);
}

template <class Error>
bool ended_by(cofu::future<void> const& call)
{
    try {
        call.result();
    } catch (Error const& e) {
        std::cout << e.what() << '\n';
        return true;
    }
    return false;
}

}  // namespace

int main()
{
    cofu::thread_pool_executor pool(1);

    std::latch counting(1);
    auto counted = pool.submit(count_until_stopped, std::ref(counting));
    auto queued = pool.submit([] { return 1; });
    counting.wait();

    // What has not begun never runs.
    check(queued.cancel() && queued.cancelled(), "a queued call is cancelled");
    // What runs can only be asked. It ends as it likes, here with a result.
    check(!counted.cancel() && counted.request_stop(), "a running call is asked to stop");
    std::cout << "counted to " << counted.result() << " before the stop\n";

    cofu::promise<void> never_kept;
    std::latch waiting(1);
    auto interrupted = pool.submit(wait_for, std::ref(waiting), never_kept.get_future());
    waiting.wait();
    interrupted.request_stop();
    check(ended_by<cofu::cancelled_error>(interrupted), "an interrupted call ends as cancelled");
    check(!interrupted.cancelled(), "it did run");

    // A timeout asks for the same, from the call's start on.
    std::latch late(1);
    auto timed = pool.submit(cofu::task_options{.name = "look-up", .timeout = 10ms}, wait_for,
                             std::ref(late), never_kept.get_future());
    check(ended_by<cofu::task_timed_out>(timed), "a late call ends as timed out");
}
