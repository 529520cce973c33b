// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Futures of Boost.Thread as ours, and ours as theirs. Header-only, not in the umbrella: the layout
// of boost::future follows the macros of the program.

#include <cofu/future.hpp>

#include <boost/exception_ptr.hpp>
#include <boost/thread/future.hpp>

#include <exception>
#include <utility>

#if !defined(BOOST_THREAD_PROVIDES_FUTURE)
#error "cofu/boost_future.hpp: define BOOST_THREAD_VERSION=4 (or BOOST_THREAD_PROVIDES_FUTURE) for the whole program"
#endif

namespace cofu {

/// Makes a future of a `boost::future`: a worker of the pool blocks until it is ready.
/// Exceptions: as `pool.submit`; then `f` is untouched.
template <class Pool, class T>
future<T> wrap_future(Pool& pool, boost::future<T> f)
{
    return pool.submit([](boost::future<T> waited) -> T { return waited.get(); }, std::move(f));
}

/// Makes a `boost::future` of a future; the value is moved out of it. A cancelled call gives
/// cancelled_error.
template <class T>
boost::future<T> to_boost_future(future<T> f)
{
    boost::promise<T> target;
    auto result = target.get_future();
    f.add_done_callback([target = std::move(target)](future<T> done) mutable {
        try {
            if constexpr (std::is_void_v<T>) {
                std::move(done).result();
                target.set_value();
            } else {
                target.set_value(std::move(done).result());
            }
        } catch (...) {
            // boost::current_exception() would make a copy of a base class.
            target.set_exception(boost::exception_ptr(std::current_exception()));
        }
    });
    return result;
}

}  // namespace cofu
