// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How an io_context gets its bridge, and how that ends with it.

#include "io_bridge.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstdint>

namespace cofu::detail {

namespace {

// Changes when a bridge closes: what was found before may be gone then.
constinit std::atomic<std::uint64_t> closings{1};

class bridge_service final : public boost::asio::execution_context::service {
public:
    using key_type = bridge_service;
    static boost::asio::execution_context::id id;

    explicit bridge_service(boost::asio::execution_context& context)
        : service(context), bridge(new io_bridge(static_cast<boost::asio::io_context&>(context)))
    {}
    // See register_service.
    ~bridge_service() { bridge->close(); }

    boost::intrusive_ptr<io_bridge> const bridge;

private:
    void shutdown() noexcept override { bridge->close(); }
};

boost::asio::execution_context::id bridge_service::id;

// The bridge that this thread used last.
struct found_bridge {
    boost::asio::io_context* context = nullptr;
    io_bridge* bridge = nullptr;
    std::uint64_t closings = 0;
};
constinit thread_local found_bridge found;

}  // namespace

io_bridge& io_bridge::of(boost::asio::io_context& context)
{
    bool const is_known = found.context == &context
                          && found.closings == closings.load(std::memory_order_acquire);
    return is_known ? *found.bridge : look_up(context);
}

io_bridge& io_bridge::look_up(boost::asio::io_context& context)
{
    auto const now = closings.load(std::memory_order_acquire);
    found = {&context, boost::asio::use_service<bridge_service>(context).bridge.get(), now};
    return *found.bridge;
}

// What never entered is nobody else's.
void io_bridge::hand_back(pending_op& op, std::unique_lock<std::mutex>& lock) noexcept
{
    if (op.is_linked()) {
        op.handed_back_ = true;
        handed_back_.notify_all();
    } else {
        lock.unlock();
        op.destroy();
    }
}

void io_bridge::close() noexcept
{
    std::optional<tracked_executor> work;
    std::unique_lock lock(mutex_);
    auto* const last = arrived_.exchange(closed_mark(), std::memory_order_acquire);
    {
        guard const locked(lock_, this_thread());
        is_closed_ = true;
        work.swap(work_);
        if (last != closed_mark())
            collect(last);
    }
    closings.fetch_add(1, std::memory_order_release);
    while (auto* const op = abandon_one(lock)) {
        lock.unlock();
        op->destroy();
        lock.lock();
    }
}

// Null: nothing is left. An operation that is about to be pushed is waited for.
pending_op* io_bridge::abandon_one(std::unique_lock<std::mutex>& lock) noexcept
{
    pending_op* op = nullptr;
    {
        guard const locked(lock_, this_thread());
        if (!ready_.empty())
            return &ready_.pop_front();
        if (waiting_.empty())
            return nullptr;
        op = &waiting_.front();
    }
    lock.unlock();
    bool const is_ours = op->abandon();
    lock.lock();
    if (!is_ours)
        handed_back_.wait(lock, [&] { return op->handed_back_; });
    guard const locked(lock_, this_thread());
    waiting_.erase(waiting_.iterator_to(*op));
    return op;
}

}  // namespace cofu::detail

namespace cofu {

void set_io_poll(boost::asio::io_context& context, io_poll how)
{
    detail::io_bridge::of(context).set_poll(how);
}

}  // namespace cofu
