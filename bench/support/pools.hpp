// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The pools under one face. A posting pool has post(f); one with futures has submit(f) and get(f).

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
    asio::thread_pool pool;

    explicit asio_post(std::size_t workers) : pool(workers) {}

    template <class F>
    void post(F f)
    {
        asio::post(pool, std::move(f));
    }
};

struct asio_use_future {
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

// Through the pool's executor, as any Asio program would.
struct cofu_post {
    cofu::thread_pool_executor pool;

    explicit cofu_post(std::size_t workers) : pool(workers) {}

    template <class F>
    void post(F f)
    {
        asio::post(pool, std::move(f));
    }
};

struct cofu_submit {
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

}  // namespace bench
