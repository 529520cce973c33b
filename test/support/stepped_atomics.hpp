// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A policy as cofu::detail::std_atomics, whose steps an `interleaving` schedules; and the same with
// one fault, which a test of it must find.
#pragma once

#include "interleaving.hpp"

#include <cofu/detail/deadline.hpp>

#include <atomic>
#include <cstring>
#include <type_traits>
#include <utility>

namespace cofu::test {

enum class fault {
    none,
    no_heavy_fence,
    no_light_fence, // where the heavy one is none for others
    torn_exchange,  // a load and a store
    lost_wake,      // nobody is woken
    late_store,     // also one that is sequentially consistent
};

template <class T, fault Fault = fault::none>
class stepped_atomic
{
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t));

public:
    stepped_atomic(T value = T()) noexcept : word_(bits(value)) {}

    T load(std::memory_order = std::memory_order_seq_cst) const { return value(word_.load()); }
    void store(T value, std::memory_order order = std::memory_order_seq_cst)
    {
        word_.store(bits(value), order != std::memory_order_relaxed,
                    order == std::memory_order_seq_cst && Fault != fault::late_store);
    }

    T exchange(T to, std::memory_order order = std::memory_order_seq_cst)
    {
        if (Fault == fault::torn_exchange) {
            auto const before = load(order);
            store(to, order);
            return before;
        }
        return modify(order, [to](T& v) { v = to; });
    }
    T fetch_add(T by, std::memory_order order = std::memory_order_seq_cst)
    {
        return modify(order, [by](T& v) { v = static_cast<T>(v + by); });
    }
    T fetch_sub(T by, std::memory_order order = std::memory_order_seq_cst)
    {
        return modify(order, [by](T& v) { v = static_cast<T>(v - by); });
    }
    bool compare_exchange_strong(T& expected, T to,
                                 std::memory_order order = std::memory_order_seq_cst,
                                 std::memory_order = std::memory_order_seq_cst)
    {
        auto const before = modify(order, [&](T& v) {
            if (v == expected)
                v = to;
        });
        return std::exchange(expected, before) == before;
    }
    bool compare_exchange_weak(T& expected, T to,
                               std::memory_order order = std::memory_order_seq_cst,
                               std::memory_order = std::memory_order_seq_cst)
    {
        if (auto* const run = interleaving::current(); run && run->once_in(8)) {
            expected = load();
            return false;
        }
        return compare_exchange_strong(expected, to, order);
    }

    void wait_here(T expected) { word_.wait(bits(expected)); }

private:
    static std::uint64_t bits(T value) noexcept
    {
        std::uint64_t b = 0;
        std::memcpy(&b, &value, sizeof value);
        return b;
    }
    static T value(std::uint64_t bits) noexcept
    {
        T v;
        std::memcpy(&v, &bits, sizeof v);
        return v;
    }

    template <class Change>
    T modify(std::memory_order order, Change change)
    {
        bool const is_release =
            order != std::memory_order_relaxed && order != std::memory_order_acquire;
        auto const first = is_release ? stepped_word::drain::all : stepped_word::drain::own_word;
        return value(word_.modify(first, [&](std::uint64_t& b) {
            auto v = value(b);
            change(v);
            b = bits(v);
        }));
    }

    stepped_word word_;
};

template <fault Fault>
void futex_wait(stepped_atomic<std::uint32_t, Fault>& word, std::uint32_t expected,
                cofu::detail::deadline const& limit = {})
{
    if (!limit)
        word.wait_here(expected);
}

template <fault Fault>
void futex_wake(stepped_atomic<std::uint32_t, Fault> const* address, unsigned count)
{
    if (Fault != fault::lost_wake)
        wake_word(address, count);
}

/// With membarrier, or without.
template <fault Fault, bool HasHeavy>
struct stepped_fence
{
    void light() const
    {
        if (auto* const run = interleaving::current();
            run && !HasHeavy && Fault != fault::no_light_fence) {
            run->step("fence");
            run->drain_own();
        }
    }
    void heavy() const
    {
        auto* const run = interleaving::current();
        if (!run || Fault == fault::no_heavy_fence)
            return;
        run->step("heavy fence");
        HasHeavy ? run->drain_all() : run->drain_own();
    }
};

struct stepped_backoff
{
    void operator()() const { interleaving::current()->pause(); }
    static void linger(unsigned) { interleaving::current()->step("linger"); }
    // One call in the first break is enough.
    static constexpr unsigned pauses_of_quick = 60;
    static constexpr unsigned pauses_of_crowd = 60;
};

template <fault Fault = fault::none, bool HasHeavy = true>
struct stepped_atomics
{
    template <class T>
    using atomic = stepped_atomic<T, Fault>;
    using fence = stepped_fence<Fault, HasHeavy>;
    using backoff = stepped_backoff;
};

} // namespace cofu::test
