// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The pools that the contract suite runs over, and what a test needs to be written once for all of
// them: how to make a pool, and a gate whose handle may cross to the worker.
//
//     BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_02_..., Kind, cofu::test::pool_kinds)
//     {
//         typename Kind::pool pool(Kind::workers(1));
//         typename Kind::gate gate;  // after the pool: its end opens it
//         auto busy = occupy<Kind>(pool, gate);
//         auto queued = pool.submit([](typename Kind::gate::handle g) { g.arrive(); },
//                                   gate.get_handle());
//         gate.open();
//     }
//
// A test that needs more of the worker than a handle (references, counted instances, thread ids)
// runs over `shared_memory_pool_kinds`.
#pragma once

#include "support/gate.hpp"
#include "support/shared_gate.hpp"

#include <cofu/call.hpp>
#include <cofu/process_pool_executor.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <tuple>
#include <utility>

namespace cofu::test {

/// A gate and a count of those who came to it, known to the workers by a number.
class registered_gate {
public:
    /// Trivially copyable; may be used after the gate is gone, which is then open.
    struct handle {
        std::uint64_t id;

        /// Counts this caller.
        void arrive() const
        {
            if (auto const m = find(id))
                m->came.arrive();
        }

        /// Returns once the gate is open. Throws `wait_timed_out`.
        void wait() const
        {
            if (auto const m = find(id))
                m->door.wait();
        }

        void arrive_and_wait() const
        {
            arrive();
            wait();
        }

        /// For whom one call lets another go on.
        void open() const
        {
            if (auto const m = find(id))
                m->door.open();
        }
    };

    registered_gate()
    {
        std::lock_guard const lock(registry_mutex);
        id_ = ++last_id;
        registry.emplace(id_, meeting_);
    }
    ~registered_gate()
    {
        open();
        std::lock_guard const lock(registry_mutex);
        registry.erase(id_);
    }
    registered_gate(registered_gate const&) = delete;
    registered_gate& operator=(registered_gate const&) = delete;

    handle get_handle() const noexcept { return {id_}; }

    void open() { meeting_->door.open(); }

    /// How many came so far.
    std::size_t arrived() const { return meeting_->came.count(); }

    /// Returns once at least `n` have come. Throws `wait_timed_out`.
    void wait_for_arrivals(std::size_t n) const { meeting_->came.wait_for_count(n); }

private:
    struct meeting {
        test::gate door;
        test::arrivals came;
    };

    static std::shared_ptr<meeting> find(std::uint64_t id)
    {
        std::lock_guard const lock(registry_mutex);
        auto const at = registry.find(id);
        return at == registry.end() ? nullptr : at->second;
    }

    inline static std::mutex registry_mutex;
    inline static std::uint64_t last_id = 0;                                     // under the mutex
    inline static std::map<std::uint64_t, std::shared_ptr<meeting>> registry{};  // under the mutex

    std::shared_ptr<meeting> const meeting_ = std::make_shared<meeting>();
    std::uint64_t id_;
};

/// Pools of threads.
struct thread_pool_kind {
    using pool = thread_pool_executor;
    using options = thread_pool_options;
    using gate = registered_gate;
    using broken_pool_error = broken_thread_pool;

    /// Options of a pool of `n` workers; a test may change the other members.
    static options workers(std::size_t n)
    {
        options o;
        o.max_workers = n;
        return o;
    }

    /// The same with room for `max_queue` calls that wait.
    static options bounded(std::size_t n, std::size_t max_queue)
    {
        options o = workers(n);
        o.max_queue = max_queue;
        return o;
    }

    /// The same with `f(args...)` as initializer of each worker.
    template <class F, class... A>
    static options initialized(std::size_t n, F f, A... args)
    {
        options o = workers(n);
        o.initializer = cofu::call(std::move(f), std::move(args)...);
        return o;
    }
};

/// Pools of processes; how they start is COFU_TEST_START_METHOD of the environment, forkserver or
/// spawn (test/CMakeLists.txt runs each test with both).
struct process_pool_kind {
    using pool = process_pool_executor;
    using options = process_pool_options;
    using gate = shared_gate;
    using broken_pool_error = broken_process_pool;

    static options workers(std::size_t n)
    {
        options o;
        o.max_workers = n;
        o.start = start();
        return o;
    }
    static options bounded(std::size_t n, std::size_t max_queue)
    {
        options o = workers(n);
        o.max_queue = max_queue;
        return o;
    }
    template <class F, class... A>
    static options initialized(std::size_t n, F f, A... args)
    {
        options o = workers(n);
        o.initializer = cofu::call(std::move(f), std::move(args)...);
        return o;
    }

    static start_method start()
    {
        char const* const chosen = std::getenv("COFU_TEST_START_METHOD");
        return chosen && std::string_view(chosen) == "spawn" ? start_method::spawn
                                                             : start_method::forkserver;
    }
};

/// A call that keeps a worker until the gate opens; returns once it runs.
template <class Kind>
future<void> occupy(typename Kind::pool& pool, typename Kind::gate& gate)
{
    auto const arrived = gate.arrived();
    auto busy =
        pool.submit([](typename Kind::gate::handle g) { g.arrive_and_wait(); }, gate.get_handle());
    gate.wait_for_arrivals(arrived + 1);
    return busy;
}

/// Every kind.
using pool_kinds = std::tuple<thread_pool_kind, process_pool_kind>;

/// The kinds whose calls run in processes of their own.
using process_pool_kinds = std::tuple<process_pool_kind>;

/// The kinds whose calls run in this process.
using shared_memory_pool_kinds = std::tuple<thread_pool_kind>;

}  // namespace cofu::test
