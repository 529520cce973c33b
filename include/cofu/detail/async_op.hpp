// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A pending operation with its handler. What it waits for is a Wait:
//   bool start_at_once()         may be there: true: complete already; false: nothing has happened
//   bool start(pending_op&)      true: complete already; false: it will be posted when complete
//   bool abandon() noexcept      see pending_op
//   void cancel(pending_op&)     a slot was emitted
//   auto result() &&             a function object that is given the handler
//   shared_state* state()        whose observer is told of a lost handler; may be null

#include <cofu/detail/block_memory.hpp>
#include <cofu/detail/handler_executor.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/detail/shared_state.hpp>
#include <cofu/pool_observer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace cofu::detail {

template <class Wait, class Handler>
class async_op final : public pending_op {
public:
    using executor_type =
        boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    using allocator_type = boost::asio::associated_allocator_t<Handler>;
    using io_executor_type = io_executor_t<Handler>;

    // Strong guarantee; on failure the handler is destroyed.
    template <class H, class... Args>
    static void initiate(H&& handler, io_executor_type io, Args&&... args)
    {
        allocator a(boost::asio::get_associated_allocator(handler));  // or blocks, where there is none
        auto* const place = traits::allocate(a, 1);
        async_op* op = nullptr;
        try {
            op = ::new (static_cast<void*>(place)) async_op(
                std::forward<H>(handler), std::move(io), std::forward<Args>(args)...);
        } catch (...) {
            traits::deallocate(a, place, 1);
            throw;
        }
        bool complete = false;
        // What is complete at once needs no register and no slot: the context is there still.
        if constexpr (requires { op->wait_.start_at_once(); })
            complete = op->wait_.start_at_once();
        if (!complete)
            complete = op->start();
        if (!complete)
            return;
        if constexpr (has_immediate_executor<Handler>) {
            op->is_immediate_ = true;
            op->post_immediately();
        } else {
            op->post();
        }
    }

    bool abandon() noexcept override { return wait_.abandon(); }

    void destroy() noexcept override
    {
        disconnect_slot();
        allocator a(get_allocator());
        [[maybe_unused]] auto const handler = std::move(handler_);
        [[maybe_unused]] auto const work = std::move(work_);
        free(a);
    }

    allocator_type get_allocator() const noexcept
    {
        return boost::asio::get_associated_allocator(handler_);
    }

private:
    using allocator = block_source_t<allocator_type, async_op>;
    using traits = std::allocator_traits<allocator>;

    // What a cancellation slot holds; it dies with the slot's signal or when the slot is cleared.
    class slot_link {
    public:
        explicit slot_link(async_op* op) noexcept : op_(op) { op_->link_ = this; }
        ~slot_link()
        {
            if (op_)
                op_->link_ = nullptr;
        }
        slot_link(slot_link const&) = delete;
        slot_link& operator=(slot_link const&) = delete;

        void operator()(boost::asio::cancellation_type_t)
        {
            if (op_)
                op_->wait_.cancel(*op_);
        }

        void disconnect() noexcept { op_ = nullptr; }

    private:
        async_op* op_;
    };

    // What the executor is given: it owns the operation.
    class carrier {
    public:
        using allocator_type = typename async_op::allocator_type;

        explicit carrier(async_op* op) noexcept : op_(op) {}
        carrier(carrier&& other) noexcept : op_(std::exchange(other.op_, nullptr)) {}
        carrier& operator=(carrier&&) = delete;
        ~carrier()
        {
            if (op_)
                op_->dropped();
        }

        allocator_type get_allocator() const noexcept { return op_->get_allocator(); }

        void operator()() { release()->deliver(); }

    protected:
        async_op* release() noexcept { return std::exchange(op_, nullptr); }

    private:
        async_op* op_;
    };

    template <class H, class... Args>
    async_op(H&& handler, io_executor_type io, Args&&... args)
        : io_(std::move(io)),
          handler_(std::forward<H>(handler)),
          wait_(std::forward<Args>(args)...)
    {
        auto const executor = executor_of_handler(handler_, io_);
        if (auto* const context = io_context_of(executor))
            deliver_by(*context);
        else
            work_.emplace(executor);
    }
    ~async_op() = default;

    void free(allocator& a) noexcept
    {
        this->~async_op();
        traits::deallocate(a, this, 1);
    }

    // False: it will be posted, or its context is gone and it was destroyed.
    bool start()
    {
        try {
            if (!enter()) {
                destroy();
                return false;
            }
            connect_slot();
            return wait_.start(*this);
        } catch (...) {
            destroy();
            throw;
        }
    }

    bool enter()
    {
        if (is_delivered_by_bridge())
            return enter_bridge();
        auto* const context = context_of(work_->get_executor());
        return !context || pending_op::enter(*context);
    }

    void connect_slot()
    {
        auto slot = boost::asio::get_associated_cancellation_slot(handler_);
        if (slot.is_connected())
            slot.template emplace<slot_link>(this);
    }

    void disconnect_slot() noexcept
    {
        if (link_)
            std::exchange(link_, nullptr)->disconnect();
    }

    void hand_over() override
    {
        if constexpr (has_immediate_executor<Handler>) {
            if (is_immediate_) {
                boost::asio::dispatch(immediate_executor_of(handler_, io_), carrier(this));
                return;
            }
        }
        auto const executor = work_->get_executor();
        if constexpr (can_post<executor_type>) {
            boost::asio::post(executor, carrier(this));
        } else {
            // It may run functions at once, which must not happen here: from the I/O executor, or
            // another where that one is closed.
            if (hopped_)
                return boost::asio::dispatch(executor, carrier(this));
            hopped_ = true;
            boost::asio::post(io_, hop(this));
            if (take_back())
                boost::asio::post(boost::asio::system_executor(), hop(this));
        }
    }

    // A carrier to where the handler may run.
    struct hop : carrier {
        using carrier::carrier;
        void operator()() { this->release()->hand_on(); }
    };

    void deliver() override
    {
        if constexpr (!can_post<executor_type> || has_immediate_executor<Handler>)
            delivering();
        if (link_) {
            auto slot = boost::asio::get_associated_cancellation_slot(handler_);
            disconnect_slot();
            slot.clear();
        }
        allocator a(get_allocator());
        auto result = std::move(wait_).result();
        auto handler = std::move(handler_);
        [[maybe_unused]] auto const work = std::move(work_);
        free(a);
        std::move(result)(std::move(handler));
    }

    void report(std::exception_ptr error) noexcept override
    {
        auto* const state = wait_.state();
        auto* const observer = state ? state->observer() : nullptr;
        if (observer)
            observer->handler_lost(std::move(error));
        else
            pending_op::report(std::move(error));
    }

    [[no_unique_address]] io_executor_type io_;
    Handler handler_;
    std::optional<outstanding_work<executor_type>> work_;  // the bridge has its own
    bool is_immediate_ = false;  // complete at the initiation, with an immediate executor
    slot_link* link_ = nullptr;  // touched on the handler's strand only
    bool hopped_ = false;
    Wait wait_;
};

template <class Wait, class Handler, class... Args>
void initiate_op(Handler&& handler, io_executor_t<std::decay_t<Handler>> io, Args&&... args)
{
    async_op<Wait, std::decay_t<Handler>>::initiate(
        std::forward<Handler>(handler), std::move(io), std::forward<Args>(args)...);
}

}  // namespace cofu::detail
