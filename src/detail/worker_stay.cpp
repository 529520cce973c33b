// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/worker_stay.hpp>

#include "thread_pool_core.hpp"

#include <boost/thread/exceptions.hpp>

namespace cofu::detail {

void worker_stay::give_place_back(worker_seat& seat) noexcept
{
    static_cast<worker&>(seat).pool->give_back_place();
}

void worker_stay::look(worker_seat& seat) noexcept
{
    auto& self = static_cast<worker&>(seat);
    self.pool->look(self);
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
    if (auto* const self = this_worker)
        self->pool->stop_looking(*self);
}

}  // namespace cofu::detail
