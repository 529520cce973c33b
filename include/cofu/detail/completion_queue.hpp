// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Calls in the order in which they are done: what a completion_stream is without its type.

#include <cofu/config.hpp>
#include <cofu/detail/atomics.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/detail/shared_state.hpp>
#include <cofu/detail/short_lock.hpp>
#include <cofu/detail/timer_queue.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cofu::detail {

class completion_queue;

// Somebody who waits for the next call.
class queue_consumer : public boost::intrusive::list_base_hook<
                           boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    enum class outcome { item, end, timeout };

    outcome what = outcome::end;
    state_ptr item;

    // The outcome stands. Under the queue's lock, perhaps under the lock of a call.
    virtual void settled(ready_ops& ready) noexcept = 0;
    // There is one more pool among the calls. Under the queue's lock, before settled().
    virtual void look_again() noexcept {}

protected:
    ~queue_consumer() = default;
};

class COFU_DECL completion_queue final
    : timer_entry,
      public boost::intrusive_ref_counter<completion_queue, boost::thread_safe_counter> {
public:
    explicit completion_queue(deadline const& limit);  // open
    ~completion_queue();

    // Once a call; a call that waits here already is not added again. Throws invalid_state_error
    // on a closed queue. Strong guarantee.
    void add(state_ptr call);
    void close() noexcept;
    // Before anybody waits, and without a lock: room for so many calls; each of several that belong
    // together. Those that are done already come before those that are done meanwhile.
    void reserve(std::size_t calls);
    void add_first(shared_state& call);
    // Ends by itself from now on; more can still be added. Before anybody waits.
    void end_when_empty() noexcept;

    // True: the outcome stands at once; else settled() will be called.
    bool take(queue_consumer& consumer);
    // The same, but false: nothing has happened.
    bool take_at_once(queue_consumer& consumer) noexcept;
    // False: the outcome stands, or is about to.
    bool leave(queue_consumer& consumer) noexcept;
    // Blocks until the outcome stands; an interruption point on workers.
    void take_blocking(queue_consumer::outcome& what, state_ptr& item);

    std::size_t remaining() const noexcept;
    // "2 (of 5) futures unfinished"
    std::string unfinished_text() const;
    boost::asio::any_io_executor executor() const;

private:
    // One call that was added. Kept for reuse once its call was handed over. In a line of its own:
    // one is told while the consumer has its neighbour.
    class alignas(64) node final : public watcher {
    public:
        completion_queue* queue = nullptr;
        state_ptr call;
        node* next =
            nullptr;  // of those that arrived, of those that are ready, or of the spare ones

        void told(shared_state&, ready_ops& ready) noexcept override
        {
            queue->finished(*this, ready);
        }
    };

    class prompt_consumer;
    class blocking_consumer;
    bool wait_in_line(blocking_consumer& consumer);
    bool drive_in_line(blocking_consumer& consumer);
    bool has_arrived() const noexcept;

    void make_nodes(std::size_t count);
    void make_room_for(shared_state const& call);
    // Asked where a queue marked it before, and always from the first time on.
    bool waits_here(shared_state& call);
    // It is counted, and to be linked with its call.
    node& enter(shared_state const& call);
    void note_io(shared_state const& call);
    void finished(node& n, ready_ops& ready) noexcept;
    void leave_all(std::size_t pending) noexcept;
    std::size_t count_ready() noexcept;

    // With the lock held.
    void collect() noexcept;
    void push_ready(node& n) noexcept;
    bool give(queue_consumer& consumer) noexcept;
    void hand_over(queue_consumer& consumer) noexcept;
    void serve(ready_ops& ready) noexcept;
    void settle_all(queue_consumer::outcome what, ready_ops& ready) noexcept;
    bool is_at_end() const noexcept { return !is_open_ && given_ == total_; }
    bool is_late() const noexcept;
    void expire() noexcept override;

    deadline const limit_;

    // Calls that are done, the last one first; or the mark that consumers wait and none is here.
    // Who finds the mark serves the consumers under the lock, anybody else needs no lock.
    atomic<node*> arrived_{nullptr};

    mutable short_lock lock_;
    // Guarded by the lock.
    std::optional<timer_hold> hold_;  // from the first asynchronous wait on
    bool is_open_ = true;             // does not end by itself
    bool is_closed_ = false;
    bool is_indexed_ = false;
    std::size_t total_ = 0;
    std::size_t given_ = 0;                           // handed over
    boost::unordered_flat_set<shared_state*> index_;  // once needed: of what was not handed over
    node* first_ready_ = nullptr;
    node* last_ready_ = nullptr;
    std::vector<std::pair<std::unique_ptr<node[]>, std::size_t>> nodes_;  // all
    node* spare_ = nullptr;
    boost::intrusive::list<queue_consumer> consumers_;
    pool_ticket last_pool_;                   // of the last call whose pool was looked at
    std::vector<pool_ticket> pools_with_io_;  // which blocking consumers may have to run
    // Of the first call: its pool, which may end before this does, or else its executor.
    pool_ticket pool_;
    boost::asio::any_io_executor executor_;
};

}  // namespace cofu::detail
