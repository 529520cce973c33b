// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/atomics.hpp>
#include <cofu/detail/wait_set.hpp>

#include "driving_spot.hpp"
#include "parking.hpp"

#include <optional>
#include <utility>

namespace cofu::detail {

class wait_set::node final : public watcher {
public:
    wait_set* set = nullptr;
    shared_state* call = nullptr;
    atomic<bool> over{true};  // told, or not linked: nobody else touches the node

    void told(shared_state& by, ready_ops& ready) noexcept override
    {
        if (set->is_met_by(by) && set->met())
            set->satisfied(ready);
        over.store(true, std::memory_order_release);
    }
};

wait_set::wait_set(std::span<shared_state* const> calls, return_when when)
    : when_(when), size_(calls.size()), nodes_(new node[calls.size()]), missing_(calls.size())
{
    for (std::size_t i = 0; i < size_; ++i) {
        nodes_[i].set = this;
        nodes_[i].call = calls[i];
    }
}

wait_set::~wait_set() { leave(); }

bool wait_set::enter() noexcept
{
    bool is_met = size_ == 0;
    for (std::size_t i = 0; i < size_ && !is_met; ++i) {
        auto& n = nodes_[i];
        n.over.store(false, std::memory_order_relaxed);
        if (!n.call->add_lasting(n, 0, false)) {
            n.over.store(true, std::memory_order_relaxed);
            is_met = is_met_by(*n.call);
        }
    }
    if (is_met && !met_.exchange(true, std::memory_order_acq_rel))
        parts_.fetch_sub(1, std::memory_order_acq_rel);
    return parts_.fetch_sub(1, std::memory_order_acq_rel) == 1 && claim();
}

void wait_set::leave() noexcept
{
    for (std::size_t i = 0; i < size_; ++i) {
        auto& n = nodes_[i];
        if (!n.over.load(std::memory_order_acquire) && n.call->remove(n))
            n.over.store(true, std::memory_order_relaxed);
        // Else it is being told.
        for (backoff pause; !n.over.load(std::memory_order_acquire);)
            pause();
    }
}

bool wait_set::is_met_by(shared_state const& call) noexcept
{
    if (when_ == return_when::first_completed)
        return true;
    bool const was_last = missing_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    return was_last || (when_ == return_when::first_exception && call.has_failed());
}

bool wait_set::met() noexcept
{
    return !met_.exchange(true, std::memory_order_acq_rel)
           && parts_.fetch_sub(1, std::memory_order_acq_rel) == 1 && claim();
}

namespace {

class blocking_wait_set final : wait_set {
public:
    blocking_wait_set(std::span<shared_state* const> calls, return_when when, deadline const& limit)
        : wait_set(calls, when), spot_(limit)
    {
        for (auto& pool : io_to_drive(calls)) {
            if (!driving_)
                driving_.emplace(limit);
            driving_->drive_also(std::move(pool));
        }
    }
    ~blocking_wait_set() { leave(); }

    void wait()
    {
        if (enter())
            return;
        if (!driving_)
            spot_.yield_or_park();
        else
            while (driving_->park() == driving_spot::outcome::look_again) {
            }
    }

private:
    void satisfied(ready_ops&) noexcept override
    {
        if (driving_)
            driving_->unpark();
        else
            spot_.unpark();
    }

    parking_spot spot_;
    std::optional<driving_spot> driving_;  // instead, where pools need the waiting thread
};

}  // namespace

void wait_for_set(std::span<shared_state* const> calls, return_when when, deadline const& limit)
{
    blocking_wait_set(calls, when, limit).wait();
}

async_wait_set::async_wait_set(std::span<shared_state* const> calls, return_when when,
                               deadline const& limit)
    : wait_set(calls, when), limit_(limit)
{
    if (limit_)
        hold_.emplace();
}

async_wait_set::~async_wait_set() { stop(); }

bool async_wait_set::start(pending_op& op) noexcept
{
    op_ = &op;
    if (limit_)
        arm(*limit_);
    return enter();
}

void async_wait_set::stop() noexcept
{
    if (hold_) {
        disarm();
        hold_.reset();
    }
    leave();
}

void async_wait_set::satisfied(ready_ops& ready) noexcept { ready.push(*op_); }

void async_wait_set::expire() noexcept
{
    if (met())
        op_->post();
}

}  // namespace cofu::detail
