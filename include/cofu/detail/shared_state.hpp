// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What a call, its futures, its waiters and its runner share: one block with one state word.
// Transitions: call_word.hpp; the protocol: doc/design/state-word.md.

#include <cofu/config.hpp>
#include <cofu/detail/atomics.hpp>
#include <cofu/detail/call_word.hpp>
#include <cofu/detail/deadline.hpp>
#include <cofu/detail/pool_ticket.hpp>
#include <cofu/detail/queue_entry.hpp>
#include <cofu/detail/waiter.hpp>
#include <cofu/future_state.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/config.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <iosfwd>
#include <memory>
#include <new>
#include <optional>
#include <typeinfo>
#include <utility>

namespace cofu {
class pool_observer;
}

namespace cofu::detail {

class shared_state;

// Runs callbacks for threads that complete calls and must not be held up by them.
class callback_runner {
public:
    // A call that is done, with a handle: somebody else is to run its actions.
    virtual void take(shared_state& call) noexcept = 0;

protected:
    ~callback_runner() = default;
};

class COFU_DECL shared_state : public queue_entry {
public:
    shared_state(shared_state const&) = delete;
    shared_state& operator=(shared_state const&) = delete;

    // For any holder of a handle, from any thread.

    future_state state() noexcept;
    bool done() const noexcept { return call_word::is_done(load()); }
    bool cancel() noexcept;
    bool request_stop() noexcept;

    // Blocks; false: the time is over. An interruption point on threads of Boost.Thread.
    bool wait_until(deadline const& limit) { return done() || block_until(limit); }

    // Links a waiter; false: the call is done already, and the waiter was not linked.
    bool add(waiter& node) noexcept;
    // The same for one that lasts: it may be told after remove() was answered false, and its owner,
    // who holds a handle until then, waits for that. `more`: call_word::handle where that handle is
    // to be counted, and call_word::marked; noted in either case. `is_only`: if there is one handle,
    // it is the caller's, and nobody else uses it meanwhile.
    bool add_lasting(waiter& node, call_word::word more, bool is_only) noexcept;
    // The same before anybody else has seen the call.
    void add_unseen(waiter& node) noexcept
    {
        using namespace call_word;
        waiters_.push_first(node);
        word_.store(word_.load(std::memory_order_relaxed) | listed | sole,
                    std::memory_order_relaxed);
    }
    // Unlinks a waiter; false: it was told, or its action was begun, already.
    bool remove(waiter& node) noexcept;

    // Whether it ended with an exception.
    bool has_failed() const noexcept { return call_word::phase(load()) == call_word::error; }
    // The exception that ended the call: null for a value. Only when done.
    std::exception_ptr failure() const noexcept;
    // Throws it; throws cancelled_error; or returns. Only when done.
    void throw_failure() const
    {
        if (call_word::phase(load()) != call_word::value)
            throw_own();
    }
    // Marks the value as moved out; throws invalid_state_error if it was already.
    void take();
    // Takes what was read out already, and gives up a handle; the same exception.
    void take_and_drop();
    // Throws invalid_state_error if the value was moved out.
    void check_not_taken() const
    {
        if ((load() & call_word::taken) != 0)
            throw_taken();
    }

    void print(std::ostream& os);

    // Where handlers without an executor of their own run.
    virtual boost::asio::any_io_executor executor() const = 0;
    // For a completion queue that is given this call: whether one was given it before. Relaxed: a
    // queue asks about what it did itself.
    bool mark() noexcept
    {
        using namespace call_word;
        return (word_.fetch_or(marked, std::memory_order_relaxed) & marked) != 0;
    }
    bool is_marked() const noexcept { return (load() & call_word::marked) != 0; }

    // The pool that runs it, if one does: its executor is the pool's, and must not outlive it.
    pool_ticket ticket() const noexcept { return ticket_; }
    // Who is told of errors without a caller; may be null.
    virtual pool_observer* observer() const noexcept { return nullptr; }
    // For who took it from a callback_runner: runs what is left of its actions, gives up a handle.
    void run_actions() noexcept;

    // typeid of std::type_identity<T>, so that T& and T differ.
    virtual std::type_info const& value_tag() const noexcept = 0;

    friend void intrusive_ptr_add_ref(shared_state* s) noexcept
    {
        s->word_.fetch_add(call_word::handle, std::memory_order_relaxed);
    }
    friend void intrusive_ptr_release(shared_state* s) noexcept { s->drop_handle(); }

protected:
    explicit shared_state(call_word::word initial, pool_ticket ticket = {}) noexcept
        : word_(initial), ticket_(ticket)
    {
        count_live(1);
    }
    ~shared_state()
    {
        if (call_word::phase(load()) == call_word::error)
            std::destroy_at(&error_);
        count_live(-1);
    }

    // Of the kinds that wait in no queue.
    void run(worker_seat&) noexcept override {}
    void withdraw() noexcept override {}
    bool fail(std::exception_ptr (*)(void*) noexcept, void*) noexcept override { return false; }
    bool is_call() const noexcept override { return true; }

    call_word::word load() const noexcept { return word_.load(std::memory_order_acquire); }

    // Applies a transition of call_word until it succeeds or says no.
    template <class Transition>
    bool apply(Transition transition) noexcept
    {
        auto w = load();
        for (;;) {
            auto const next = transition(w);
            if (!next)
                return false;
            if (word_.compare_exchange_weak(w, *next, std::memory_order_acq_rel,
                                            std::memory_order_acquire))
                return true;
        }
    }

    // The queue's reader begins the call; false: it was cancelled.
    bool start() noexcept
    {
        using namespace call_word;
        // Without a handle nobody else can reach the block: no read-modify-write. Acquire, in load():
        // what the last handle's owner did is seen.
        if (load() == queued) {
            word_.store(running | runner, std::memory_order_relaxed);
            return true;
        }
        return apply([](word w) { return call_word::start(w); });
    }

    // The value is stored (phase value) or error_ is set (phase error). `dropped` is the reference
    // that the finisher gives up: call_word::runner, or 0.
    void finish(call_word::word final_phase, call_word::word dropped) noexcept;

    // The same where no handle is left, so that nobody else can reach the block: true, and the
    // caller destroys it. No read-modify-write; acquire, in load(), as in start().
    bool finish_unseen(call_word::word final_phase) noexcept
    {
        using namespace call_word;
        if (load() != (running | runner))
            return false;
        word_.store(final_phase, std::memory_order_relaxed);
        return true;
    }
    // Gives up a reference without any other change.
    void drop(call_word::word reference) noexcept;

    // Asked of a pending call whose pool alone knows whether it was begun, in another process: marks
    // it as running if so.
    virtual void look() noexcept {}
    // The same before a cancellation; true: nobody will begin it.
    virtual bool recall() noexcept { return true; }
    // Where this thread has to do its pool's work while it waits: does it until the call is done or
    // the time is over. False: it has not to. An interruption point.
    virtual bool drive_until_done(deadline const&) { return false; }
    // Destroys function and arguments, once: after a cancellation.
    virtual void destroy_function() noexcept {}
    // The call was cancelled: its place in the queue is free.
    virtual void cancelled() noexcept {}
    // Somebody wants it to stop: signal its stop token. User code may run.
    virtual void signal_stop() noexcept {}
    // Then: interrupt its runner. The call can't finish meanwhile.
    virtual void interrupt_runner() noexcept {}
    // On the finisher's thread: an interruption that was not consumed is swallowed.
    virtual void swallow_interruption() noexcept {}
    // Callbacks are about to run on the finisher's thread.
    virtual void before_actions() noexcept {}
    // Who runs them instead, if anybody.
    virtual callback_runner* callbacks() noexcept { return nullptr; }
    // Destroys the value, the object, and frees its memory.
    virtual void destroy() noexcept = 0;
    virtual void print_value_type(std::ostream& os) const = 0;

    // By the runner, before the phase is error; error_ is read after. The call is in no queue now.
    void keep_error(std::exception_ptr error) noexcept
    {
        ::new (static_cast<void*>(&error_)) std::exception_ptr(std::move(error));
    }
    // The phase will not be error after all.
    std::exception_ptr take_error() noexcept
    {
        auto error = std::move(error_);
        std::destroy_at(&error_);
        return error;
    }

private:
    friend class acting_calls;

    bool block_until(deadline const& limit);
    void throw_own() const;
    [[noreturn]] static void throw_taken();

    // Applies a change that is always possible; the word after it.
    template <class Change>
    call_word::word update(Change change) noexcept
    {
        auto w = word_.load(std::memory_order_relaxed);
        auto next = change(w);
        while (!word_.compare_exchange_weak(w, next, std::memory_order_acq_rel,
                                            std::memory_order_relaxed))
            next = change(w);
        return next;
    }
    void interrupt() noexcept;
    BOOST_NOINLINE bool add_under_lock(waiter& node, call_word::word more) noexcept;
    void lock() noexcept;
    void unlock() noexcept;
    BOOST_NOINLINE void finish_slowly(call_word::word final_phase,
                                      call_word::word dropped) noexcept;
    void tell(call_word::word dropped) noexcept;
    void tell_sole() noexcept;
    bool run_next_action() noexcept;
    void run_operations(callback_runner& others) noexcept;
    void drop_handle() noexcept
    {
        using namespace call_word;
        auto const w = load();
        if (w == (queued | handle))
            drop_queued();
        else if ((w & ~taken & ~stop & ~marked) == (with_phase(handle, phase(w))) && is_done(w))
            destroy();
        else
            drop(handle);
    }
    void drop_queued() noexcept;

#if defined(COFU_TEST_HOOKS)
    static void count_live(int by) noexcept;
#else
    static void count_live(int) noexcept {}
#endif

    atomic<call_word::word> word_;
    pool_ticket const ticket_;
    waiter_list waiters_;                  // guarded by the word's lock
    shared_state* next_to_act_ = nullptr;  // of acting_calls
};

using state_ptr = boost::intrusive_ptr<shared_state>;

}  // namespace cofu::detail
