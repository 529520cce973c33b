// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/pending_op.hpp>

#include "io_bridge.hpp"

#include <cofu/pool_observer.hpp>

#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace cofu::detail {

// The operations whose handlers one execution context would run. Shared between the context's
// service and the operations, so that a completing thread never touches a dead context.
class op_register : public boost::intrusive_ref_counter<op_register, boost::thread_safe_counter> {
public:
    std::mutex mutex;
    std::condition_variable handed_back;
    boost::intrusive::list<pending_op, boost::intrusive::constant_time_size<false>> ops;
    bool closed = false;

    void close() noexcept
    {
        std::unique_lock lock(mutex);
        closed = true;
        while (!ops.empty()) {
            auto& op = ops.front();
            lock.unlock();
            bool const ours = op.abandon();
            lock.lock();
            if (!ours)
                handed_back.wait(lock, [&] { return op.handed_back_; });
            ops.erase(ops.iterator_to(op));
            lock.unlock();
            op.destroy();
            lock.lock();
        }
    }
};

void intrusive_ptr_add_ref(op_register* r) noexcept
{
    boost::sp_adl_block::intrusive_ptr_add_ref(r);
}

void intrusive_ptr_release(op_register* r) noexcept
{
    boost::sp_adl_block::intrusive_ptr_release(r);
}

namespace {

class register_service final : public boost::asio::execution_context::service {
public:
    using key_type = register_service;
    static boost::asio::execution_context::id id;

    explicit register_service(boost::asio::execution_context& context)
        : service(context), ops(new op_register)
    {}
    // Operations may have been started by what other services destroyed after our shutdown, or
    // while it made this service.
    ~register_service() { ops->close(); }

    boost::intrusive_ptr<op_register> const ops;

private:
    void shutdown() noexcept override { ops->close(); }
};

boost::asio::execution_context::id register_service::id;

// The operation that this thread is handing over, and what became of its carrier meanwhile.
struct hand_over_state {
    pending_op* op = nullptr;  // null again once it was delivered
    bool dropped = false;      // the carrier was destroyed
};
constinit thread_local hand_over_state handing_over;

}  // namespace

void pending_op::never_waited() noexcept
{
    if (bridge_) {
        bridge_->leave(*this);
    } else {
        std::lock_guard lock(register_->mutex);
        leave();
    }
}

void pending_op::deliver_by(boost::asio::io_context& context) { bridge_ = &io_bridge::of(context); }

bool pending_op::enter_bridge() { return bridge_->enter(*this); }

bool pending_op::enter(boost::asio::execution_context& context)
{
    auto ops = boost::asio::use_service<register_service>(context).ops;
    std::lock_guard lock(ops->mutex);
    if (ops->closed)
        return false;
    ops->ops.push_back(*this);
    register_ = std::move(ops);
    return true;
}

void pending_op::leave() noexcept
{
    auto& list = register_->ops;
    list.erase(list.iterator_to(*this));
}

// With the register's mutex held. False: the context goes down and gets the operation back.
bool pending_op::leave_to_post() noexcept
{
    if (register_->closed) {
        handed_back_ = true;
        register_->handed_back.notify_all();
        return false;
    }
    leave();
    return true;
}

void pending_op::post() noexcept
{
    if (bridge_)
        bridge_->push(*this);
    else
        post_unbridged();
}

void pending_op::post_unbridged() noexcept
{
    auto const ops = register_;
    bool handed_over = false;
    if (ops) {
        std::lock_guard lock(ops->mutex);
        if (!leave_to_post())
            return;
        handed_over = try_hand_over();
    } else {
        handed_over = try_hand_over();
    }
    if (!handed_over)
        destroy();
}

bool pending_op::try_hand_over()
{
    auto const outer = handing_over;
    handing_over = {this, false};
    try {
        hand_over();
    } catch (...) {
        bool const delivered = !handing_over.op;
        handing_over = outer;
        if (delivered)
            throw;
        report(std::current_exception());
        return false;
    }
    bool const dropped = handing_over.dropped;
    handing_over = outer;
    return !dropped;
}

void pending_op::post_immediately()
{
    if (auto const ops = register_) {
        std::lock_guard lock(ops->mutex);
        if (!leave_to_post())
            return;
    } else if (is_linked()) {
        bridge_->leave(*this);
    }
    hand_on();
}

void pending_op::hand_on()
{
    if (!try_hand_over())
        destroy();
}

bool pending_op::take_back() noexcept
{
    return handing_over.op == this && std::exchange(handing_over.dropped, false);
}

void pending_op::delivering() noexcept
{
    if (handing_over.op == this)
        handing_over.op = nullptr;
}

void pending_op::dropped() noexcept
{
    if (handing_over.op == this)
        handing_over.dropped = true;
    else
        destroy();
}

void pending_op::report(std::exception_ptr error) noexcept
{
    pool_observer().handler_lost(std::move(error));
}

void ready_ops::post_each() noexcept
{
    while (first_)
        pop_front().post();
}

}  // namespace cofu::detail
