// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/completion_queue.hpp>

#include <cofu/detail/pool_call.hpp>
#include <cofu/detail/prefetch.hpp>

#include <boost/asio/system_executor.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace cofu::detail {

namespace {

// Never dereferenced.
template <class Node>
Node* awaited() noexcept
{
    return reinterpret_cast<Node*>(alignof(Node));
}

// Its state and, in the next line, a small value: the consumer reads both, from the processor that
// wrote them.
void prefetch_call(shared_state const& call) noexcept
{
    auto const* const p = reinterpret_cast<char const*>(&call);
    prefetch_to_read(p);
    prefetch_to_read(p + 64);
}

}  // namespace

completion_queue::completion_queue(deadline const& limit) : limit_(limit) {}

completion_queue::~completion_queue()
{
    if (hold_)
        disarm();
    // Whoever handed over the last call may still be about to unlock.
    lock_.lock();
    auto const pending = total_ - given_;
    lock_.unlock();
    if (pending != 0)
        leave_all(pending);
}

// Nobody consumes any more, so calls that finish meanwhile leave the nodes where they are; those
// that are about to be told are waited for.
void completion_queue::leave_all(std::size_t pending) noexcept
{
    for (auto& [nodes, count] : nodes_)
        for (std::size_t i = 0; i < count; ++i)
            if (nodes[i].call && nodes[i].call->remove(nodes[i]))
                --pending;
    for (backoff wait; count_ready() != pending; wait()) {
    }
}

std::size_t completion_queue::count_ready() noexcept
{
    std::lock_guard const guard(lock_);
    collect();
    std::size_t count = 0;
    for (auto* n = first_ready_; n; n = n->next)
        ++count;
    return count;
}

// The queue stays at least until the node is published, which its end waits for. Release: what the
// call stored is seen by who takes it.
void completion_queue::finished(node& n, ready_ops& ready) noexcept
{
    auto* last = arrived_.load(std::memory_order_relaxed);
    while (last != awaited<node>()) {
        n.next = last;
        if (arrived_.compare_exchange_weak(last, &n, std::memory_order_release,
                                           std::memory_order_relaxed))
            return;
    }
    std::lock_guard const guard(lock_);
    collect();
    push_ready(n);
    serve(ready);
}

void completion_queue::push_ready(node& n) noexcept
{
    n.next = nullptr;
    (last_ready_ ? last_ready_->next : first_ready_) = &n;
    last_ready_ = &n;
}

// What arrived becomes ready, in order of arrival; nobody is awaited any more.
void completion_queue::collect() noexcept
{
    auto* n = arrived_.exchange(nullptr, std::memory_order_acquire);
    if (!n || n == awaited<node>())
        return;
    auto* const newest = n;
    node* oldest = nullptr;
    while (n) {
        prefetch_call(*n->call);
        n = std::exchange(n->next, std::exchange(oldest, n));
    }
    (last_ready_ ? last_ready_->next : first_ready_) = oldest;
    last_ready_ = newest;
}

// The oldest that is ready.
void completion_queue::hand_over(queue_consumer& consumer) noexcept
{
    auto& n = *first_ready_;
    first_ready_ = n.next;
    if (!first_ready_)
        last_ready_ = nullptr;
    ++given_;
    if (is_indexed_)
        index_.erase(n.call.get());
    consumer.what = queue_consumer::outcome::item;
    consumer.item = std::move(n.call);
    n.next = std::exchange(spare_, &n);
}

// Hands over what is ready to those who wait; at the end they all leave, else the rest is awaited.
void completion_queue::serve(ready_ops& ready) noexcept
{
    while (!consumers_.empty()) {
        if (!first_ready_)
            collect();
        if (first_ready_) {
            auto& consumer = consumers_.front();
            consumers_.pop_front();
            hand_over(consumer);
            consumer.settled(ready);
        } else if (is_at_end()) {
            settle_all(queue_consumer::outcome::end, ready);
        } else if (node* none = nullptr; arrived_.compare_exchange_strong(
                       none, awaited<node>(), std::memory_order_acq_rel)) {
            return;
        }
    }
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
    std::lock_guard const guard(lock_);
    is_open_ = false;
}

void completion_queue::close() noexcept
{
    ready_ops ready;
    {
        std::lock_guard const guard(lock_);
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
    if (!first_ready_ && consumers_.empty())
        collect();
    if (first_ready_) {
        hand_over(consumer);
        return true;
    }
    if (is_at_end() || is_late()) {
        consumer.what =
            is_at_end() ? queue_consumer::outcome::end : queue_consumer::outcome::timeout;
        return true;
    }
    return false;
}

bool completion_queue::take_at_once(queue_consumer& consumer) noexcept
{
    std::lock_guard const guard(lock_);
    return give(consumer);
}

bool completion_queue::take(queue_consumer& consumer)
{
    ready_ops ready;
    {
        std::lock_guard const guard(lock_);
        if (give(consumer))
            return true;
        if (limit_ && !hold_) {
            hold_.emplace();
            arm(*limit_);
        }
        consumers_.push_back(consumer);
        serve(ready);
    }
    ready.post_all();
    return false;
}

bool completion_queue::leave(queue_consumer& consumer) noexcept
{
    std::lock_guard const guard(lock_);
    if (!consumer.is_linked())
        return false;
    consumers_.erase(consumers_.iterator_to(consumer));
    if (auto* mark = awaited<node>(); consumers_.empty())
        arrived_.compare_exchange_strong(mark, nullptr, std::memory_order_relaxed);
    return true;
}

void completion_queue::expire() noexcept
{
    ready_ops ready;
    {
        std::lock_guard const guard(lock_);
        settle_all(queue_consumer::outcome::timeout, ready);
    }
    ready.post_all();
}

bool completion_queue::has_arrived() const noexcept
{
    auto* const last = arrived_.load(std::memory_order_relaxed);
    return last && last != awaited<node>();
}

std::size_t completion_queue::remaining() const noexcept
{
    std::lock_guard const guard(lock_);
    return total_ - given_;
}

std::string completion_queue::unfinished_text() const
{
    std::lock_guard const guard(lock_);
    return std::to_string(total_ - given_) + " (of " + std::to_string(total_)
           + ") futures unfinished";
}

boost::asio::any_io_executor completion_queue::executor() const
{
    std::lock_guard const guard(lock_);
    if (pool_.place != 0)
        return executor_of(pool_);
    return executor_ ? executor_ : boost::asio::any_io_executor(boost::asio::system_executor());
}

}  // namespace cofu::detail
