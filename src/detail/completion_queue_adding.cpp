// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How calls come into a completion queue.

#include <cofu/detail/completion_queue.hpp>

#include "pool_io.hpp"

#include <cofu/error.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace cofu::detail {

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

}  // namespace cofu::detail
