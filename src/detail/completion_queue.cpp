// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/completion_queue.hpp>

#include "parking.hpp"

#include <cofu/detail/pool_call.hpp>
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
    // Whoever handed over the last call may still be about to unlock.
    std::unique_lock(mutex_).unlock();
    ready_.clear();
    while (auto* n = nodes_) {
        nodes_ = n->next;
        delete n;
    }
}

completion_queue::node* completion_queue::enter(state_ptr const& call)
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
    if (total_ == 0) {
        pool_ = call->ticket();
        executor_ = pool_.place ? boost::asio::any_io_executor() : call->executor();
    }
    if (!waiting_.insert(call.get()).second)
        return nullptr;
    ++total_;
    ++unfinished_;
    auto* const n = std::exchange(spare_, spare_->spare);
    n->call = call;
    return n;
}

void completion_queue::add(state_ptr call)
{
    auto* const n = enter(call);
    if (n && !call->add(*n)) {
        ready_ops ready;
        finished(*n, ready);
        ready.post_all();
    }
}

void completion_queue::add_first(state_ptr call)
{
    auto* const n = enter(call);
    if (n && !call->add(*n)) {
        std::lock_guard lock(mutex_);
        --unfinished_;
        found_ = ready_.insert_after(found_, *n);
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

// Whether the outcome stands at once.
bool completion_queue::give(queue_consumer& consumer) noexcept
{
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
    return false;
}

bool completion_queue::take(queue_consumer& consumer)
{
    std::lock_guard lock(mutex_);
    if (give(consumer))
        return true;
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
    explicit blocking_consumer(deadline const& limit) : spot(limit) {}

    void settled(ready_ops&) noexcept override { spot.unpark(); }

    parking_spot spot;
};

}  // namespace

void completion_queue::take_blocking(queue_consumer::outcome& what, state_ptr& item)
{
    blocking_consumer consumer(limit_);
    bool is_settled = false;
    {
        std::lock_guard lock(mutex_);
        is_settled = give(consumer);
        if (!is_settled)
            consumers_.push_back(consumer);
    }
    if (!is_settled) {
        try {
            is_settled = consumer.spot.park();
        } catch (boost::thread_interrupted const&) {
            if (leave(consumer))
                throw;
            // What came meanwhile must not be lost; the next interruption point throws.
            is_settled = true;
            interrupt_this_thread();
        }
        if (!is_settled && leave(consumer))
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
    if (pool_.place)
        return executor_of(pool_);
    return executor_ ? executor_ : boost::asio::any_io_executor(boost::asio::system_executor());
}

}  // namespace cofu::detail
