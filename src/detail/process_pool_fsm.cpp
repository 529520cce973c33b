// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "process_pool_fsm.hpp"

#include <algorithm>

namespace cofu::detail {

process_pool_fsm::process_pool_fsm(process_pool_rules const& rules)
    : rules_(rules), restarts_(rules.boot_failures, rules.boot_failures_within)
{
}

std::optional<process_pool_action> process_pool_fsm::next_action() noexcept
{
    // What a closing pool does not begin ends one by one, so that a long queue needs no room here.
    auto action = actions_.pop();
    if (!action && phase_ >= pool_phase::closing && !queue_.empty()) {
        auto const call = queue_.front();
        auto const has_begun = calls_[call].retried && unbegun_end_ == call_end::cancelled;
        queue_.remove(call);
        end_call(call, has_begun ? call_end::crashed : unbegun_end_);
        action = actions_.pop();
    }
    return action;
}

std::optional<process_pool_fsm::time_point> process_pool_fsm::next_deadline() const noexcept
{
    auto next = deadlines_ == 0 ? worker_record::never : earliest_;
    if (phase_ < pool_phase::closing && queue_.size() > booting_ && workers() < rules_.max_workers &&
        !restarts_.may_start(now_))
        next = std::min(next, restarts_.not_before());
    return next == worker_record::never ? std::nullopt : std::optional(next);
}

pool_phase process_pool_fsm::phase() const noexcept
{
    return phase_;
}

bool process_pool_fsm::is_broken() const noexcept
{
    return broken_;
}

std::size_t process_pool_fsm::queued() const noexcept
{
    return queue_.size();
}

std::size_t process_pool_fsm::calls() const noexcept
{
    return calls_.size();
}

std::size_t process_pool_fsm::workers() const noexcept
{
    return workers_.size() - dead_;
}

std::size_t process_pool_fsm::idle() const noexcept
{
    return lineup_.idle();
}

}  // namespace cofu::detail
