// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The executor of a thread pool: a cheap handle with every standard property of Asio.

#include <cofu/detail/block_memory.hpp>
#include <cofu/detail/pool_access.hpp>

#include <boost/asio/execution/allocator.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/mapping.hpp>
#include <boost/asio/execution/occupancy.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution/relationship.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

namespace cofu::detail {

// A function given to the executor, in a block from the executor's allocator.
template <class F, class Allocator>
class posted_function final : public queue_entry {
    using allocator = block_source_t<Allocator, posted_function>;
    using traits = std::allocator_traits<allocator>;

public:
    template <class G>
    static posted_function* make(Allocator const& a, G&& g)
    {
        allocator rebound(a);
        auto* const place = traits::allocate(rebound, 1);
        try {
            return ::new (static_cast<void*>(place)) posted_function(rebound, std::forward<G>(g));
        } catch (...) {
            traits::deallocate(rebound, place, 1);
            throw;
        }
    }

    void run(worker_seat&) noexcept override
    {
        auto f = std::move(function_);
        destroy();
        std::move(f)();
    }

    void withdraw() noexcept override
    {
        [[maybe_unused]] auto const f = std::move(function_);
        destroy();
    }

    bool fail(std::exception_ptr (*)(void*) noexcept, void*) noexcept override
    {
        withdraw();
        return false;
    }

    bool is_call() const noexcept override { return false; }

private:
    template <class G>
    posted_function(allocator const& a, G&& g)
        : allocator_(a), function_(std::forward<G>(g))
    {
    }
    ~posted_function() = default;

    void destroy() noexcept
    {
        allocator a(allocator_);
        this->~posted_function();
        traits::deallocate(a, this, 1);
    }

    [[no_unique_address]] allocator allocator_;
    F function_;
};

// Blocks its maker until the function ran or was destroyed.
class completion_latch {
public:
    ~completion_latch() { wait(); }
    void wait()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_; });
    }
    void open() noexcept
    {
        std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

struct open_on_destruction {
    void operator()(completion_latch* latch) const noexcept { latch->open(); }
};

inline constexpr unsigned tracked_bit = 1;          // compile time: counts as outstanding work
inline constexpr unsigned blocking_always_bit = 2;  // compile time: execute waits

/// The executor of `thread_pool_executor`. Properties: context, blocking (possibly, never, always),
/// relationship, outstanding_work, allocator, mapping (thread), occupancy (max_workers).
///
/// `execute` queues the function behind those given before; with blocking.possibly it runs at once
/// on a worker of this pool. A closed pool destroys it unrun. An exception that leaves the function
/// ends the program.
///
/// Thread safety: distinct and shared objects are safe.
/// Lifetime: the pool outlives it.
template <class Allocator, unsigned Bits>
class basic_pool_executor {
    using blocking_t = boost::asio::execution::blocking_t;
    using relationship_t = boost::asio::execution::relationship_t;
    using outstanding_work_t = boost::asio::execution::outstanding_work_t;

    static constexpr bool is_tracked = (Bits & tracked_bit) != 0;
    static constexpr bool blocks_always = (Bits & blocking_always_bit) != 0;

public:
    explicit basic_pool_executor(thread_pool_core& pool, Allocator const& a = {}) noexcept
        : basic_pool_executor(&pool, a, false, false)
    {
    }
    basic_pool_executor(basic_pool_executor const& other) noexcept
        : basic_pool_executor(other.pool_, other.allocator_, other.never_, other.continuation_)
    {
    }
    basic_pool_executor& operator=(basic_pool_executor other) noexcept
    {
        std::swap(pool_, other.pool_);
        std::swap(allocator_, other.allocator_);
        std::swap(never_, other.never_);
        std::swap(continuation_, other.continuation_);
        return *this;
    }
    ~basic_pool_executor()
    {
        if constexpr (is_tracked)
            work_finished(*pool_);
    }

    friend bool operator==(basic_pool_executor const& a, basic_pool_executor const& b) noexcept
    {
        return a.pool_ == b.pool_ && a.allocator_ == b.allocator_ && a.never_ == b.never_
               && a.continuation_ == b.continuation_;
    }
    friend bool operator!=(basic_pool_executor const& a, basic_pool_executor const& b) noexcept
    {
        return !(a == b);
    }

    bool running_in_this_thread() const noexcept { return runs_in_this_thread(*pool_); }

    auto require(blocking_t::possibly_t) const noexcept { return with<Bits & ~blocking_always_bit>(false, continuation_); }
    auto require(blocking_t::never_t) const noexcept { return with<Bits & ~blocking_always_bit>(true, continuation_); }
    auto require(blocking_t::always_t) const noexcept { return with<Bits | blocking_always_bit>(false, continuation_); }
    auto require(relationship_t::fork_t) const noexcept { return with<Bits>(never_, false); }
    auto require(relationship_t::continuation_t) const noexcept { return with<Bits>(never_, true); }
    auto require(outstanding_work_t::tracked_t) const noexcept { return with<Bits | tracked_bit>(never_, continuation_); }
    auto require(outstanding_work_t::untracked_t) const noexcept { return with<Bits & ~tracked_bit>(never_, continuation_); }

    template <class OtherAllocator>
    auto require(boost::asio::execution::allocator_t<OtherAllocator> a) const noexcept
    {
        return basic_pool_executor<OtherAllocator, Bits>(pool_, a.value(), never_, continuation_);
    }
    auto require(boost::asio::execution::allocator_t<void>) const noexcept
    {
        return basic_pool_executor<std::allocator<void>, Bits>(pool_, {}, never_, continuation_);
    }

    boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept
    {
        return context_of(*pool_);
    }
    static constexpr auto query(boost::asio::execution::mapping_t) noexcept
    {
        return boost::asio::execution::mapping_t(boost::asio::execution::mapping.thread);
    }
    constexpr blocking_t query(blocking_t) const noexcept
    {
        if (blocks_always)
            return blocking_t(boost::asio::execution::blocking.always);
        return never_ ? blocking_t(boost::asio::execution::blocking.never)
                      : blocking_t(boost::asio::execution::blocking.possibly);
    }
    constexpr relationship_t query(relationship_t) const noexcept
    {
        return continuation_ ? relationship_t(boost::asio::execution::relationship.continuation)
                             : relationship_t(boost::asio::execution::relationship.fork);
    }
    static constexpr outstanding_work_t query(outstanding_work_t) noexcept
    {
        return is_tracked ? outstanding_work_t(boost::asio::execution::outstanding_work.tracked)
                          : outstanding_work_t(boost::asio::execution::outstanding_work.untracked);
    }
    template <class OtherAllocator>
    constexpr Allocator query(boost::asio::execution::allocator_t<OtherAllocator>) const noexcept
    {
        return allocator_;
    }
    constexpr Allocator query(boost::asio::execution::allocator_t<void>) const noexcept
    {
        return allocator_;
    }
    std::size_t query(boost::asio::execution::occupancy_t) const noexcept
    {
        return max_workers_of(*pool_);
    }

    template <class F>
    void execute(F&& f) const
    {
        if (!never_ && running_in_this_thread()) {
            [f = std::decay_t<F>(std::forward<F>(f))]() mutable noexcept { std::move(f)(); }();
        } else if constexpr (blocks_always) {
            completion_latch latch;
            std::unique_ptr<completion_latch, open_on_destruction> opener(&latch);
            post([f = std::decay_t<F>(std::forward<F>(f)), opener = std::move(opener)]() mutable {
                std::move(f)();
            });
        } else {
            post(std::forward<F>(f));
        }
    }

private:
    template <class, unsigned>
    friend class basic_pool_executor;

    basic_pool_executor(thread_pool_core* pool, Allocator const& a, bool never,
                        bool continuation) noexcept
        : pool_(pool), allocator_(a), never_(never), continuation_(continuation)
    {
        if constexpr (is_tracked)
            work_started(*pool_);
    }

    template <unsigned OtherBits>
    auto with(bool never, bool continuation) const noexcept
    {
        return basic_pool_executor<Allocator, OtherBits>(pool_, allocator_, never, continuation);
    }

    template <class F>
    void post(F&& f) const
    {
        using function = posted_function<std::decay_t<F>, Allocator>;
        auto* const entry = function::make(allocator_, std::forward<F>(f));
        bool queued = false;
        try {
            queued = push_function(*pool_, *entry);
        } catch (...) {
            entry->withdraw();
            throw;
        }
        if (!queued)
            entry->withdraw();
    }

    thread_pool_core* pool_;
    [[no_unique_address]] Allocator allocator_;
    bool never_;
    bool continuation_;
};

}  // namespace cofu::detail
