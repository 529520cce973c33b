// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/worker_stay.hpp>

#include "thread_pool_core.hpp"

#include <boost/thread/exceptions.hpp>

namespace cofu::detail {

// The store is ordered before the call's phase becomes running by that read-modify-write; whoever
// sees the phase sees the thread.
worker_stay::worker_stay(shared_state& call) noexcept : worker_(*this_worker()), call_(call)
{
    worker_.innermost.store(&call, std::memory_order_relaxed);
}

void worker_stay::missed() noexcept
{
    worker_.innermost.store(nullptr, std::memory_order_relaxed);
}

void worker_stay::begun() noexcept
{
    count(worker_.started);
    worker_.pool->give_back_place();
}

// A later call may have the same address: nobody must find this thread by it any more.
void worker_stay::left(bool failed) noexcept
{
    count(failed ? worker_.failed : worker_.finished);
    worker_.innermost.store(nullptr, std::memory_order_relaxed);
    worker_.pool->look(worker_);
}

void worker_stay::run_uninterrupted(void (*f)(void*) noexcept, void* p) noexcept
{
    boost::this_thread::disable_interruption const no_interruption;
    f(p);
}

void worker_stay::swallow_interruption() noexcept
{
    try {
        boost::this_thread::interruption_point();
    } catch (boost::thread_interrupted const&) {
    }
}

void worker_stay::before_actions() noexcept
{
    if (auto* const self = this_worker())
        self->pool->stop_looking(*self);
}

}  // namespace cofu::detail
