// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Futures of the standard library as ours: a worker waits for them.

#include <cofu/future.hpp>

#include <future>
#include <utility>

namespace cofu {

/// Makes a future of a `std::future`: a worker of the pool blocks until it is ready.
/// Exceptions: as `pool.submit`; then `f` is untouched.
template <class Pool, class T>
future<T> wrap_future(Pool& pool, std::future<T> f)
{
    return pool.submit([](std::future<T> waited) -> T { return waited.get(); }, std::move(f));
}

}  // namespace cofu
