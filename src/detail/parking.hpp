// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Blocking waits: Boost.Thread's mutex and condition variable, whose waits are interruption points,
// with the deadlines of std::chrono.

#define BOOST_CHRONO_HEADER_ONLY

#include <boost/thread/condition_variable.hpp>
#include <boost/thread/lock_guard.hpp>
#include <boost/thread/mutex.hpp>
#include <boost/thread/pthread/thread_data.hpp>

#include <chrono>

namespace cofu::detail {

inline boost::chrono::steady_clock::time_point
boost_time_point(std::chrono::steady_clock::time_point t)
{
    auto const left =
        std::chrono::ceil<std::chrono::nanoseconds>(t - std::chrono::steady_clock::now());
    return boost::chrono::steady_clock::now() + boost::chrono::nanoseconds(left.count());
}

// As boost::thread::interrupt, but of a thread that has no handle to itself. After an interruption
// was thrown on it.
inline void interrupt_this_thread()
{
    if (auto* const self = boost::detail::get_current_thread_data()) {
        boost::lock_guard guard(self->data_mutex);
        self->interrupt_requested = true;
    }
}

}  // namespace cofu::detail
