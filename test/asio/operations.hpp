// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every asynchronous operation, described once for the tests that cross them with completion
// tokens: how it is started, its signature, and whether the values that it gave are right.
#pragma once

#include "support/counted.hpp"
#include "support/leak_guard.hpp"

#include <cofu/as_completed.hpp>
#include <cofu/map.hpp>
#include <cofu/promise.hpp>
#include <cofu/thread_pool_executor.hpp>
#include <cofu/wait.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace cofu::test {

/// A pool, and an io_context that one thread runs.
struct bench {
    bench()
    {
        allow_process_wide([] {
            namespace asio = boost::asio;
            asio::post(asio::system_executor(), asio::use_future).get();
        });
    }

    /// True: everything was delivered, and the io_context has no work any more.
    bool run()
    {
        io.restart();
        io.run_for(default_limit);
        return io.stopped();
    }

    boost::asio::io_context io{1};
    thread_pool_executor pool{2};
    std::vector<map_results<int>> maps;  // dropping one would cancel it
};

template <class T>
struct sample;

template <>
struct sample<void> {
    static void make() {}
    static bool right() { return true; }
};
template <>
struct sample<int> {
    static int make() { return 42; }
    static bool right(int value) { return value == 42; }
};
template <>
struct sample<int&> {
    static inline int target = 0;
    static int& make() { return target; }
    static bool right(int const* value) { return value == &target; }
};
template <>
struct sample<std::unique_ptr<int>> {
    static std::unique_ptr<int> make() { return std::make_unique<int>(42); }
    static bool right(std::unique_ptr<int> const& value) { return value && *value == 42; }
};
template <>
struct sample<no_default> {
    static no_default make() { return no_default(42); }
    static bool right(std::optional<no_default> const& value) { return value && value->value == 42; }
};

/// What the operations that give the outcome of a call share.
template <class T>
struct outcome_of : sample<T> {
    using signature = completion_signature_t<T>;

    static future<T> submit(bench& b)
    {
        return b.pool.submit([] { return static_cast<T>(sample<T>::make()); });
    }
};
template <class T>
struct outcome_of<T&> : sample<T&> {
    using signature = completion_signature_t<T&>;

    static future<T&> submit(bench& b)
    {
        return b.pool.submit([]() -> T& { return sample<T&>::make(); });
    }
};

template <class T>
struct future_rvalue : outcome_of<T> {
    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        return outcome_of<T>::submit(b)(std::forward<Token>(token));
    }
};

template <class T>
struct future_lvalue : outcome_of<T> {
    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        auto const f = outcome_of<T>::submit(b);
        return f(std::forward<Token>(token));
    }
};

template <class T>
struct async_result_rvalue : outcome_of<T> {
    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        return outcome_of<T>::submit(b).async_result(std::forward<Token>(token));
    }
};

template <class T>
struct async_result_lvalue : outcome_of<T> {
    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        auto const f = outcome_of<T>::submit(b);
        return f.async_result(std::forward<Token>(token));
    }
};

struct future_async_wait {
    using signature = void(boost::system::error_code);

    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        return b.pool.submit([] { return 42; }).async_wait(std::forward<Token>(token));
    }
    static bool right() { return true; }
};

template <class T>
struct async_invoke : outcome_of<T> {
    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        return b.pool.async_invoke([] { return static_cast<T>(sample<T>::make()); },
                                   std::forward<Token>(token));
    }
};
template <class T>
struct async_invoke<T&> : outcome_of<T&> {
    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        return b.pool.async_invoke([]() -> T& { return sample<T&>::make(); },
                                   std::forward<Token>(token));
    }
};

struct async_submit {
    using signature = void(boost::system::error_code, future<int>);

    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        return b.pool.async_submit([] { return 42; }, std::forward<Token>(token));
    }
    static bool right(future<int> const& f) { return f.result() == 42; }
};

struct async_shutdown {
    using signature = void(boost::system::error_code, shutdown_report);

    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        return b.pool.async_shutdown(std::forward<Token>(token));
    }
    static bool right(shutdown_report const&) { return true; }
};

struct set_async_wait {
    using signature = void(boost::system::error_code, wait_result<future<int>>);

    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        std::vector const set{b.pool.submit([] { return 42; }), b.pool.submit([] { return 42; })};
        return cofu::async_wait(set, std::forward<Token>(token));
    }
    static bool right(wait_result<future<int>> const& r)
    {
        return r.done.size() == 2 && r.not_done.empty() && r.done[0].result() == 42;
    }
};

struct stream_async_next {
    using signature = void(boost::system::error_code, future<int>);

    // A future that was added is given although the stream is closed by then.
    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        auto stream = cofu::as_completed(std::vector{b.pool.submit([] { return 42; })});
        return stream.async_next(std::forward<Token>(token));
    }
    static bool right(future<int> const& f) { return f.valid() && f.result() == 42; }
};

struct map_async_next {
    using signature = void(std::exception_ptr, std::optional<int>);

    template <class Token>
    static auto start(bench& b, Token&& token)
    {
        b.maps.push_back(b.pool.map([](int i) { return 2 * i; }, std::vector{21}));
        return b.maps.back().async_next(std::forward<Token>(token));
    }
    static bool right(std::optional<int> const& value) { return value == 42; }
};

/// Each asynchronous function once, with various types of result.
using functions =
    std::tuple<future_rvalue<std::unique_ptr<int>>, future_lvalue<int>,
               async_result_rvalue<no_default>, async_result_lvalue<void>, future_async_wait,
               async_invoke<int&>, async_submit, async_shutdown, set_async_wait, stream_async_next,
               map_async_next>;

/// Each function with each type of result.
using operations = std::tuple<
    future_rvalue<void>, future_rvalue<int>, future_rvalue<int&>,
    future_rvalue<std::unique_ptr<int>>, future_rvalue<no_default>, future_lvalue<void>,
    future_lvalue<int>, future_lvalue<no_default>, async_result_rvalue<std::unique_ptr<int>>,
    async_result_lvalue<int>, future_async_wait, async_invoke<void>, async_invoke<int>,
    async_invoke<int&>, async_invoke<std::unique_ptr<int>>, async_invoke<no_default>, async_submit,
    async_shutdown, set_async_wait, stream_async_next, map_async_next>;

/// How often a handler ran, and how often it was given the right values and no error.
struct record {
    int runs = 0;
    int right = 0;
};

/// A completion handler for any signature.
template <class Op>
struct recorder {
    record* to;

    template <class Error, class... Values>
    void operator()(Error const& error, Values&&... values) const
    {
        ++to->runs;
        to->right += !error && Op::right(std::forward<Values>(values)...);
    }
};

}  // namespace cofu::test
