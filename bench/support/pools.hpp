// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The pools under one face. A posting pool has post(f); one with futures has submit(f) and get(f).

#include "pool_list.hpp"
#include "tbb_pools.hpp"

#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <cstddef>
#include <future>
#include <type_traits>
#include <utility>

namespace bench {

namespace asio = boost::asio;

struct asio_post {
    static constexpr char const* name = "asio_post";

    asio::thread_pool pool;

    explicit asio_post(std::size_t workers) : pool(workers) {}

    template <class F>
    void post(F f)
    {
        asio::post(pool, std::move(f));
    }
};

struct asio_use_future {
    static constexpr char const* name = "asio_use_future";

    asio::thread_pool pool;

    explicit asio_use_future(std::size_t workers) : pool(workers) {}

    template <class F>
    auto submit(F f)
    {
        return asio::post(pool, asio::use_future(std::move(f)));
    }
    template <class T>
    static T get(std::future<T>& f)
    {
        return f.get();
    }
};

struct asio_packaged_task {
    static constexpr char const* name = "asio_packaged_task";

    asio::thread_pool pool;

    explicit asio_packaged_task(std::size_t workers) : pool(workers) {}

    template <class F>
    auto submit(F f)
    {
        return asio::post(pool, std::packaged_task<std::invoke_result_t<F>()>(std::move(f)));
    }
    template <class T>
    static T get(std::future<T>& f)
    {
        return f.get();
    }
};

// No pool: each call has a thread of its own.
struct std_async {
    static constexpr char const* name = "std_async";
    static constexpr std::size_t most_at_once = 2'000;

    explicit std_async(std::size_t) {}

    template <class F>
    auto submit(F f)
    {
        return std::async(std::launch::async, std::move(f));
    }
    template <class T>
    static T get(std::future<T>& f)
    {
        return f.get();
    }
};

// Through the pool's executor, as any Asio program would.
struct cofu_post {
    static constexpr char const* name = "cofu_post";

    cofu::thread_pool_executor pool;

    explicit cofu_post(std::size_t workers) : pool(workers) {}

    template <class F>
    void post(F f)
    {
        asio::post(pool, std::move(f));
    }
};

struct cofu_submit {
    static constexpr char const* name = "cofu_submit";

    cofu::thread_pool_executor pool;

    explicit cofu_submit(std::size_t workers) : pool(workers) {}

    // The future is dropped at once: fire and forget.
    template <class F>
    void post(F f)
    {
        pool.submit(std::move(f));
    }
    template <class F>
    auto submit(F f)
    {
        return pool.submit(std::move(f));
    }
    template <class T>
    static T get(cofu::future<T>& f)
    {
        return f.result();
    }
};

// By a call of the pool.
template <class Pool, class F>
void post_nested(Pool& pool, F f)
{
    if constexpr (requires { pool.post_nested(std::move(f)); })
        pool.post_nested(std::move(f));
    else
        pool.post(std::move(f));
}

using posting_pools =
    decltype(pool_list<asio_post>() + tbb_posting_pools() + pool_list<cofu_post, cofu_submit>());
using nesting_pools = decltype(posting_pools() + tbb_nesting_pools());
using future_pools = decltype(pool_list<asio_use_future, asio_packaged_task, std_async>()
                              + tbb_future_pools() + pool_list<cofu_submit>());

}  // namespace bench
