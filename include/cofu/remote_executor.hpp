// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// An executor whose functions run in worker processes.

#include <cofu/config.hpp>
#include <cofu/fwd.hpp>

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace cofu {
namespace detail {

// A function without captures, also where Asio has wrapped it: its one byte says nothing, so it can
// be rebuilt from it in another process.
template <class F>
struct captureless {
    std::byte image;

    void operator()() const
    {
        alignas(F) std::byte place[sizeof(F)] = {image};
        std::move(*std::launder(reinterpret_cast<F*>(place)))();
    }
};

}  // namespace detail

/// The executor of a process pool's workers: `asio::post(pool.get_remote_executor(), f)` runs a
/// function without captures in a worker. What it throws is reported to the pool's observer.
///
/// Properties: context, blocking.never. Functions with captures don't compile, and so neither do
/// strands, `co_spawn` and `any_io_executor` on it: what they run is a part of this process. Submit
/// calls with arguments to the pool instead.
///
/// Thread safety: distinct and shared objects are safe.
/// Lifetime: the pool outlives it.
class remote_executor {
public:
    explicit remote_executor(process_pool_executor& pool) noexcept : pool_(&pool) {}

    friend bool operator==(remote_executor const&, remote_executor const&) noexcept = default;

    COFU_DECL boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept;
    static constexpr boost::asio::execution::blocking_t query(
        boost::asio::execution::blocking_t) noexcept
    {
        return boost::asio::execution::blocking_t(boost::asio::execution::blocking.never);
    }
    remote_executor require(boost::asio::execution::blocking_t::never_t) const noexcept
    {
        return *this;
    }

    /// Submits `f()` to a worker. Exceptions: as `process_pool_executor::submit`.
    template <class F>
    void execute(F&& f) const
    {
        using function = std::decay_t<F>;
        static_assert(sizeof(function) == 1,
                      "only a function without captures can run in a worker process by its "
                      "executor: strands, coroutines, handlers and any_io_executor are a part of "
                      "this process; use pool.submit(f, args...), or the pool's get_executor()");
        detail::captureless<function> remote;
        std::memcpy(&remote.image, std::addressof(f), 1);
        submit(remote);
    }

private:
    template <class F>
    void submit(detail::captureless<F> f) const;

    process_pool_executor* pool_;
};

}  // namespace cofu
