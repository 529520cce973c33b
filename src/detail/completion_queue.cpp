// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/completion_queue.hpp>

#include "pool_io.hpp"

#include <cofu/detail/pool_call.hpp>
#include <cofu/error.hpp>

#include <boost/asio/system_executor.hpp>

#include <algorithm>
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

void completion_queue::reserve(std::size_t calls)
{
    if (calls != 0)
        make_nodes(calls);
}

void completion_queue::make_nodes(std::size_t count)
{
    nodes_.reserve(nodes_.size() + 1);
    auto& [made, size] = nodes_.emplace_back(std::make_unique<node[]>(count), count);
    for (auto i = size; i != 0; --i) {
        made[i - 1].queue = this;
        made[i - 1].next = std::exchange(spare_, &made[i - 1]);
    }
}

// A call that no queue has marked waits in none. Else the index tells, which is kept from then on.
bool completion_queue::waits_here(shared_state& call)
{
    if (!is_indexed_) {
        boost::unordered_flat_set<shared_state*> index;
        index.reserve(total_ - given_ + 1);
        for (auto& [nodes, count] : nodes_)
            for (std::size_t i = 0; i < count; ++i)
                if (nodes[i].call)
                    index.insert(nodes[i].call.get());
        index_ = std::move(index);
        is_indexed_ = true;
    }
    return !index_.insert(&call).second;
}

void completion_queue::make_room_for(shared_state const& call)
{
    if (!spare_)
        make_nodes(nodes_.empty() ? 4 : std::min<std::size_t>(2 * nodes_.back().second, 1024));
    if (total_ == 0) {
        pool_ = call.ticket();
        executor_ = pool_.place != 0 ? boost::asio::any_io_executor() : call.executor();
    }
}

completion_queue::node& completion_queue::enter(shared_state const& call)
{
    if (is_there_pool_io())
        note_io(call);
    ++total_;
    return *std::exchange(spare_, spare_->next);
}

// Those who wait already learn of a further pool; pools that are gone are forgotten then.
void completion_queue::note_io(shared_state const& call)
{
    auto const ticket = call.ticket();
    if (ticket == last_pool_)
        return;
    last_pool_ = ticket;
    if (std::ranges::find(pools_with_io_, ticket) != pools_with_io_.end() || !io_of(ticket))
        return;
    std::erase_if(pools_with_io_, [](auto const& t) { return !io_of(t); });
    pools_with_io_.push_back(ticket);
    for (auto& consumer : consumers_)
        consumer.look_again();
}

void completion_queue::add(state_ptr call)
{
    auto& state = *call;
    node* n = nullptr;
    {
        std::lock_guard const guard(lock_);
        if (is_closed_)
            throw invalid_state_error("the stream was closed; nothing can be added any more");
        make_room_for(state);
        if ((state.mark() || is_indexed_) && waits_here(state))
            return;
        n = &enter(state);
        n->call = std::move(call);
    }
    if (!state.add_lasting(*n, 0, false)) {
        ready_ops ready;
        finished(*n, ready);
        ready.post_all();
    }
}

// Its handle, and the mark, are noted in one step with the rest.
void completion_queue::add_first(shared_state& call)
{
    make_room_for(call);
    if ((call.is_marked() || is_indexed_) && waits_here(call))
        return;
    auto& n = enter(call);
    n.call = state_ptr(&call, false);
    if (!call.add_lasting(n, call_word::handle | call_word::marked, false))
        push_ready(n);
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
    while (n)
        n = std::exchange(n->next, std::exchange(oldest, n));
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
