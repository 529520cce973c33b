// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the queues and the parking code of a pool are made of. A test gives them others, of which
// each step is scheduled: test/support/interleaving.hpp. Besides these, a policy's atomic has
// futex_wait() and futex_wake() in its own namespace, as src/posix/futex.hpp has.

#include <cofu/detail/asymmetric_fence.hpp>
#include <cofu/detail/backoff.hpp>
#include <cofu/detail/test_hooks.hpp>

#include <atomic>

namespace cofu::detail {

#if defined(COFU_TEST_HOOKS)
// Others may go first at each step.
template <class T>
class hooked_atomic : public std::atomic<T> {
    using base = std::atomic<T>;

public:
    using base::base;
    using base::operator=;

    T load(std::memory_order order = std::memory_order_seq_cst) const noexcept
    {
        return boundary(), base::load(order);
    }
    void store(T to, std::memory_order order = std::memory_order_seq_cst) noexcept
    {
        boundary(), base::store(to, order);
    }
    T exchange(T to, std::memory_order order = std::memory_order_seq_cst) noexcept
    {
        return boundary(), base::exchange(to, order);
    }
    T fetch_add(auto by, std::memory_order order = std::memory_order_seq_cst) noexcept
    {
        return boundary(), base::fetch_add(by, order);
    }
    T fetch_sub(auto by, std::memory_order order = std::memory_order_seq_cst) noexcept
    {
        return boundary(), base::fetch_sub(by, order);
    }
    template <class... Orders>
    bool compare_exchange_weak(T& expected, T to, Orders... orders) noexcept
    {
        return boundary(), base::compare_exchange_weak(expected, to, orders...);
    }
    template <class... Orders>
    bool compare_exchange_strong(T& expected, T to, Orders... orders) noexcept
    {
        return boundary(), base::compare_exchange_strong(expected, to, orders...);
    }
};
#endif

struct std_atomics {
#if defined(COFU_TEST_HOOKS)
    template <class T>
    using atomic = hooked_atomic<T>;
#else
    template <class T>
    using atomic = std::atomic<T>;
#endif
    using fence = asymmetric_fence;
    using backoff = detail::backoff;
};

template <class T>
using atomic = std_atomics::atomic<T>;

}  // namespace cofu::detail
