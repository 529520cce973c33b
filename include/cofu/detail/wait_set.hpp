// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Waiting for several calls at once: a node in each call's list, and a count of what is missing.

#include <cofu/config.hpp>
#include <cofu/detail/atomics.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/detail/shared_state.hpp>
#include <cofu/detail/timer_queue.hpp>
#include <cofu/return_when.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace cofu::detail {

class COFU_DECL wait_set {
public:
    wait_set(wait_set const&) = delete;
    wait_set& operator=(wait_set const&) = delete;

    // Ends the wait: true for exactly one of those who try.
    bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }

protected:
    // The calls are distinct and outlive the set. May throw bad_alloc.
    wait_set(std::span<shared_state* const> calls, return_when when);
    ~wait_set();  // leave()

    // Registers with the calls. True: the condition holds already and is claimed by the caller.
    bool enter() noexcept;
    // Unlinks from the calls; they are not touched afterwards.
    void leave() noexcept;

    // The condition holds, or the time is over: true for the one who must end the wait now.
    bool met() noexcept;

    // The condition holds and is claimed. Perhaps under the lock of a call.
    virtual void satisfied(ready_ops& ready) noexcept = 0;

private:
    class node;

    bool is_met_by(shared_state const& call) noexcept;

    return_when const when_;
    std::size_t const size_;
    std::unique_ptr<node[]> nodes_;
    atomic<std::size_t> missing_;
    atomic<bool> met_{false};
    atomic<int> parts_{2};  // that must both be over: registering, and the condition
    atomic<bool> claimed_{false};
};

// Blocks until the condition holds or the time is over; an interruption point on workers.
COFU_DECL void wait_for_set(std::span<shared_state* const> calls, return_when when,
                            deadline const& limit);

// The same as what an operation waits for.
class COFU_DECL async_wait_set final : wait_set, timer_entry {
public:
    async_wait_set(std::span<shared_state* const> calls, return_when when, deadline const& limit);
    ~async_wait_set();

    bool start(pending_op& op) noexcept;
    bool abandon() noexcept { return claim(); }
    // On the handler's executor, or before it is destroyed: nothing is touched afterwards.
    void stop() noexcept;

private:
    void satisfied(ready_ops& ready) noexcept override;
    void expire() noexcept override;

    deadline const limit_;
    std::optional<timer_hold> hold_;
    pending_op* op_ = nullptr;
};

}  // namespace cofu::detail
