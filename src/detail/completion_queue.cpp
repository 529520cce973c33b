// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/completion_queue.hpp>

#include "parking.hpp"

#include <cofu/error.hpp>

#include <boost/asio/system_executor.hpp>

#include <memory>

namespace cofu::detail {

completion_queue::completion_queue(deadline const& limit) : limit_(limit) {}

completion_queue::~completion_queue()
{
    if (hold_)
        disarm();
    // Nobody consumes any more, so calls that finish meanwhile leave the nodes where they are.
    for (auto* n = nodes_; n; n = n->next)
        if (n->call)
            n->call->remove(*n);
    ready_.clear();
    while (auto* n = nodes_) {
        nodes_ = n->next;
        delete n;
    }
}

void completion_queue::add(state_ptr call)
{
    node* n = nullptr;
    {
        std::lock_guard lock(mutex_);
        if (is_closed_)
            throw invalid_state_error("the stream was closed; nothing can be added any more");
        if (!spare_) {
            auto made = std::make_unique<node>();
            made->queue = this;
            made->next = nodes_;
            nodes_ = made.get();
            made->spare = std::exchange(spare_, made.get());
            made.release();
        }
        if (!waiting_.insert(call.get()).second)
            return;
        if (total_++ == 0)
            executor_ = call->executor();
        ++unfinished_;
        n = std::exchange(spare_, spare_->spare);
        n->call = call;
    }
    if (!call->add(*n)) {
        ready_ops ready;
        finished(*n, ready);
        ready.post_all();
    }
}

void completion_queue::finished(node& n, ready_ops& ready) noexcept
{
    std::lock_guard lock(mutex_);
    --unfinished_;
    if (consumers_.empty()) {
        ready_.push_back(n);
        return;
    }
    auto& consumer = consumers_.front();
    consumers_.pop_front();
    hand_over(n, consumer);
    consumer.settled(ready);
    if (is_at_end())
        settle_all(queue_consumer::outcome::end, ready);
}

void completion_queue::hand_over(node& n, queue_consumer& consumer) noexcept
{
    waiting_.erase(n.call.get());
    consumer.what = queue_consumer::outcome::item;
    consumer.item = std::move(n.call);
    n.spare = std::exchange(spare_, &n);
}

void completion_queue::settle_all(queue_consumer::outcome what, ready_ops& ready) noexcept
{
    while (!consumers_.empty()) {
        auto& consumer = consumers_.front();
        consumers_.pop_front();
        consumer.what = what;
        consumer.settled(ready);
    }
}

void completion_queue::end_when_empty() noexcept
{
    std::lock_guard lock(mutex_);
    is_open_ = false;
}

void completion_queue::close() noexcept
{
    ready_ops ready;
    {
        std::lock_guard lock(mutex_);
        is_open_ = false;
        is_closed_ = true;
        if (is_at_end())
            settle_all(queue_consumer::outcome::end, ready);
    }
    ready.post_all();
}

bool completion_queue::is_late() const noexcept
{
    return limit_ && *limit_ <= std::chrono::steady_clock::now();
}

bool completion_queue::take(queue_consumer& consumer)
{
    std::lock_guard lock(mutex_);
    if (!ready_.empty()) {
        auto& n = ready_.front();
        ready_.pop_front();
        hand_over(n, consumer);
        return true;
    }
    if (is_at_end() || is_late()) {
        consumer.what =
            is_at_end() ? queue_consumer::outcome::end : queue_consumer::outcome::timeout;
        return true;
    }
    if (limit_ && !hold_) {
        hold_.emplace();
        arm(*limit_);
    }
    consumers_.push_back(consumer);
    return false;
}

bool completion_queue::leave(queue_consumer& consumer) noexcept
{
    std::lock_guard lock(mutex_);
    if (!consumer.is_linked())
        return false;
    consumers_.erase(consumers_.iterator_to(consumer));
    return true;
}

void completion_queue::expire() noexcept
{
    ready_ops ready;
    {
        std::lock_guard lock(mutex_);
        settle_all(queue_consumer::outcome::timeout, ready);
    }
    ready.post_all();
}

namespace {

class blocking_consumer final : public queue_consumer {
public:
    void settled(ready_ops&) noexcept override
    {
        boost::lock_guard guard(mutex_);
        is_settled_ = true;
        changed_.notify_one();
    }

    bool wait_until(deadline const& limit)
    {
        boost::unique_lock guard(mutex_);
        auto const is_settled = [this] { return is_settled_; };
        if (limit)
            return changed_.wait_until(guard, boost_time_point(*limit), is_settled);
        changed_.wait(guard, is_settled);
        return true;
    }

private:
    boost::mutex mutex_;
    boost::condition_variable changed_;
    bool is_settled_ = false;
};

}  // namespace

void completion_queue::take_blocking(queue_consumer::outcome& what, state_ptr& item)
{
    blocking_consumer consumer;
    if (!take(consumer)) {
        bool settled = false;
        try {
            settled = consumer.wait_until(limit_);
        } catch (...) {
            // Interrupted: an item that came meanwhile is for the next one who asks.
            if (!leave(consumer) && consumer.item)
                add(std::move(consumer.item));
            throw;
        }
        if (!settled && leave(consumer))
            consumer.what = queue_consumer::outcome::timeout;
    }
    what = consumer.what;
    item = std::move(consumer.item);
}

std::size_t completion_queue::remaining() const noexcept
{
    std::lock_guard lock(mutex_);
    return waiting_.size();
}

std::string completion_queue::unfinished_text() const
{
    std::lock_guard lock(mutex_);
    return std::to_string(waiting_.size()) + " (of " + std::to_string(total_)
           + ") futures unfinished";
}

boost::asio::any_io_executor completion_queue::executor() const
{
    std::lock_guard lock(mutex_);
    return executor_ ? executor_ : boost::asio::any_io_executor(boost::asio::system_executor());
}

}  // namespace cofu::detail
