// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Threads that block until a completion queue has something for them.

#include "driving_spot.hpp"
#include "parking.hpp"
#include "yield_until.hpp"

#include <cofu/detail/completion_queue.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace cofu::detail {

namespace {

bool needs_this_thread(pool_ticket const& pool) noexcept
{
    auto const io = io_of(pool);
    return io && io->needs_driver();
}

}  // namespace

// Takes what is there, and never waits: it needs no spot.
class completion_queue::prompt_consumer final : public queue_consumer {
public:
    void settled(ready_ops&) noexcept override {}
};

class completion_queue::blocking_consumer final : public queue_consumer {
public:
    explicit blocking_consumer(deadline const& limit) : spot(limit) {}

    void settled(ready_ops&) noexcept override
    {
        if (driving)
            driving->unpark();
        else
            spot.unpark();
    }

    void look_again() noexcept override
    {
        if (driving)
            return driving->look_again();
        has_pools.store(true, std::memory_order_relaxed);
        spot.unpark();
    }

    parking_spot spot;
    std::atomic<bool> has_pools{false};  // whose I/O it may have to run: it leaves the spot
    driving_spot* driving = nullptr;     // then; guarded by the queue's lock
};

void completion_queue::take_blocking(queue_consumer::outcome& what, state_ptr& item)
{
    prompt_consumer prompt;
    bool is_settled = take_at_once(prompt);
    if (!is_settled && !limit_ && yield_until([this] { return has_arrived(); }))
        is_settled = take_at_once(prompt);
    if (is_settled) {
        what = prompt.what;
        item = std::move(prompt.item);
        return;
    }
    blocking_consumer consumer(limit_);
    if (!wait_in_line(consumer) && leave(consumer))
        consumer.what = queue_consumer::outcome::timeout;
    what = consumer.what;
    item = std::move(consumer.item);
}

// False: the time is over, and the outcome may stand nevertheless.
bool completion_queue::wait_in_line(blocking_consumer& consumer)
{
    ready_ops ready;
    {
        std::lock_guard const guard(lock_);
        if (give(consumer))
            return true;
        consumers_.push_back(consumer);
        if (std::ranges::any_of(pools_with_io_, needs_this_thread))
            consumer.look_again();
        serve(ready);
    }
    ready.post_all();
    try {
        bool const in_time = consumer.spot.park();
        return in_time && consumer.has_pools.load(std::memory_order_relaxed)
                   ? drive_in_line(consumer)
                   : in_time;
    } catch (boost::thread_interrupted const&) {
        if (leave(consumer))
            throw;
        // What came meanwhile must not be lost; the next interruption point throws.
        interrupt_this_thread();
        return true;
    } catch (...) {
        if (leave(consumer))
            throw;
        return true;
    }
}

// The same from then on when there are pools among the calls. Settling and looking again happen
// under the lock, so neither finds a driving spot that is gone.
bool completion_queue::drive_in_line(blocking_consumer& consumer)
{
    driving_spot spot(limit_);
    struct drive_end {
        short_lock& lock;
        blocking_consumer& consumer;

        ~drive_end()
        {
            std::lock_guard const guard(lock);
            consumer.driving = nullptr;
        }
    } const at_the_end{lock_, consumer};
    auto what = driving_spot::outcome::look_again;
    while (what == driving_spot::outcome::look_again) {
        std::vector<pool_ticket> pools;
        {
            std::lock_guard const guard(lock_);
            if (!consumer.is_linked())
                return true;
            consumer.driving = &spot;
            pools = pools_with_io_;
        }
        for (auto const& ticket : pools)
            if (auto io = io_of(ticket); io && io->needs_driver())
                spot.drive_also(std::move(io));
        what = spot.park();
    }
    return what == driving_spot::outcome::unparked;
}

}  // namespace cofu::detail
