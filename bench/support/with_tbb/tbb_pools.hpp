// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The ways that oneTBB has of being a pool. Its arenas get no thread for the one that submits, and
// as many as were asked for, whatever the machine has.

#include "pool_list.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <cstddef>
#include <future>
#include <type_traits>
#include <utility>

namespace bench {

// Calls are run through a const object there.
template <class F>
struct tbb_call {
    mutable F f;

    void operator()() const { f(); }
};

struct tbb_enqueue {
    static constexpr char const* name = "tbb_enqueue";

    tbb::global_control threads;
    tbb::task_arena arena;

    explicit tbb_enqueue(std::size_t workers)
        : threads(tbb::global_control::max_allowed_parallelism, workers + 1),
          arena(static_cast<int>(workers), 0)
    {}

    template <class F>
    void post(F f)
    {
        arena.enqueue(tbb_call<F>{std::move(f)});
    }
};

// Calls of a worker go to a group, whose order is the last first.
struct tbb_task_group : tbb_enqueue {
    static constexpr char const* name = "tbb_task_group";

    tbb::task_group group;

    using tbb_enqueue::tbb_enqueue;
    ~tbb_task_group() { group.wait(); }

    template <class F>
    void post_nested(F f)
    {
        group.run(std::move(f));
    }
};

struct tbb_packaged_task : tbb_enqueue {
    static constexpr char const* name = "tbb_packaged_task";

    using tbb_enqueue::tbb_enqueue;

    template <class F>
    auto submit(F f)
    {
        std::packaged_task<std::invoke_result_t<F>()> task(std::move(f));
        auto result = task.get_future();
        post(std::move(task));
        return result;
    }
    template <class T>
    static T get(std::future<T>& f)
    {
        return f.get();
    }
};

using tbb_posting_pools = pool_list<tbb_enqueue>;
using tbb_nesting_pools = pool_list<tbb_task_group>;
using tbb_future_pools = pool_list<tbb_packaged_task>;

}  // namespace bench
