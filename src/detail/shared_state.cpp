// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/shared_state.hpp>

#include <cofu/detail/exception_text.hpp>
#include <cofu/detail/pending_op.hpp>
#include <cofu/detail/test_hooks.hpp>
#include <cofu/error.hpp>

#include <cofu/detail/short_lock.hpp>

#include "own_queue.hpp"
#include "parking.hpp"
#include "yield_until.hpp"

#include <ostream>
#include <utility>

namespace cofu::detail {

using namespace call_word;

namespace {

#if defined(COFU_TEST_HOOKS)
constinit std::atomic<std::size_t> state_count{0};
#endif

class blocking_watcher final : public watcher {
public:
    explicit blocking_watcher(deadline const& limit) : spot(limit) {}

    void told(shared_state&, ready_ops&) noexcept override { spot.unpark(); }

    parking_spot spot;
};

}  // namespace

#if defined(COFU_TEST_HOOKS)
std::size_t live_states() noexcept { return state_count.load(std::memory_order_acquire); }

void shared_state::count_live(int by) noexcept
{
    state_count.fetch_add(static_cast<std::size_t>(by), std::memory_order_acq_rel);
}
#endif

future_state shared_state::state() noexcept
{
    if (phase(load()) == call_word::pending)
        look();
    switch (phase(load())) {
    case call_word::pending:
        return future_state::pending;
    case call_word::running:
    case setting:
        return future_state::running;
    case call_word::cancelled:
        return future_state::cancelled;
    default:
        return future_state::finished;
    }
}

void shared_state::drop(word reference) noexcept
{
    if (reference == 0)
        return;
    auto const w = word_.fetch_sub(reference, std::memory_order_acq_rel) - reference;
    if (is_unreferenced(w))
        destroy();
}

// The last handle of a call that had not begun. While the queue of this worker's own submissions
// keeps it from all others, nobody else can reach the block: no read-modify-write.
void shared_state::drop_queued() noexcept
{
    auto const keep_queued = [this] { word_.store(queued, std::memory_order_relaxed); };
    if (!own_queue || !own_queue->change_newest(*this, keep_queued))
        drop(handle);
}

bool shared_state::cancel() noexcept
{
    if (phase(load()) == call_word::pending && !recall())
        return false;
    bool was_cancelled = false;
    bool const won = apply([&](word w) -> std::optional<word> {
        was_cancelled = phase(w) == call_word::cancelled;
        auto next = call_word::cancel(w);
        if (next)
            *next += handle;  // ours, for callbacks that drop the last of the caller's
        return next;
    });
    if (!won)
        return was_cancelled;
    destroy_function();
    cancelled();
    if ((load() & (call_word::lock | listed)) == 0) {
        drop(handle);
    } else {
        lock();
        tell(handle);
    }
    return true;
}

bool shared_state::request_stop() noexcept
{
    auto const begin = [](word w) {
        auto next = call_word::request_stop(w);
        if (next)
            *next += handle;  // ours, for stop callbacks that drop the last of the caller's
        return next;
    };
    for (backoff wait; !apply(begin); wait()) {
        auto const w = load();
        if (is_done(w))
            return false;
        if ((w & stop) != 0 || cancel())
            return true;
    }
    signal_stop();
    interrupt();
    drop(handle);
    return true;
}

// After the stop is signalled: a call that catches the interruption finds its token stopped.
void shared_state::interrupt() noexcept
{
    if (!apply([](word w) { return begin_interrupting(w); }))
        return;
    interrupt_runner();
    update([](word w) { return end_interrupting(w); });
}

void shared_state::finish(word final_phase, word dropped) noexcept
{
    auto w = load();
    if (auto const next = finish_at_once(w, final_phase, dropped);
        next && !is_unreferenced(*next)) {
        if (word_.compare_exchange_strong(w, *next, std::memory_order_acq_rel,
                                          std::memory_order_relaxed))
            return;
    } else if (auto const taken_out = finish_sole(w, final_phase, dropped)) {
        if (word_.compare_exchange_strong(w, *taken_out, std::memory_order_acq_rel,
                                          std::memory_order_relaxed))
            return tell_sole();
    }
    finish_slowly(final_phase, dropped);
}

// Where somebody watches, asked it to stop, or changed the word meanwhile.
void shared_state::finish_slowly(word final_phase, word dropped) noexcept
{
    bool swallowed = false;
    backoff wait;
    auto w = load();
    if (dropped == runner && finish_unseen(final_phase))
        return destroy();
    for (;;) {
        bool at_once = true;
        auto next = finish_at_once(w, final_phase, dropped);
        if (!next && (w & call_word::interrupted) != 0 && !swallowed) {
            swallow_interruption();
            swallowed = true;
        }
        if (!next) {
            at_once = false;
            next = acquire(w);
            if (next)
                next = with_phase(*next, final_phase);
        }
        if (!next) {
            wait();
            w = load();
        } else if (word_.compare_exchange_weak(w, *next, std::memory_order_acq_rel,
                                               std::memory_order_acquire)) {
            if (!at_once)
                tell(dropped);
            else if (is_unreferenced(*next))
                destroy();
            return;
        }
    }
}

bool shared_state::block_until(deadline const& limit)
{
    if (limit) {
        if (*limit <= std::chrono::steady_clock::now())
            return false;
    } else if (yield_until([this] { return done(); })) {
        return true;
    }
    if (drive_until_done(limit))
        return done();
    blocking_watcher node(limit);
    if (!add(node))
        return true;
    try {
        if (node.spot.park())
            return true;
    } catch (...) {
        remove(node);
        throw;
    }
    return !remove(node);
}

std::exception_ptr shared_state::failure() const noexcept
{
    return phase(load()) == call_word::error ? error_ : nullptr;
}

void shared_state::throw_own() const
{
    auto const p = phase(load());
    if (p == call_word::error)
        std::rethrow_exception(error_);
    if (p == call_word::cancelled)
        throw cancelled_error();
}

void shared_state::take()
{
    if (auto const w = load(); w == with_phase(handle, value)) {
        // The caller's is the only handle: nobody else can reach the word.
        word_.store(w | taken, std::memory_order_relaxed);
        return;
    }
    if (!apply([](word w) { return call_word::take(w); }))
        check_not_taken();
}

void shared_state::take_and_drop()
{
    auto w = load();
    if (w == with_phase(handle, value))
        return destroy();
    for (;;) {
        auto const next = call_word::take(w);
        if (!next) {
            drop_handle();
            throw_taken();
        }
        if (word_.compare_exchange_weak(w, *next - handle, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
            if (is_unreferenced(*next - handle))
                destroy();
            return;
        }
    }
}

void shared_state::throw_taken()
{
    throw invalid_state_error(
        "the result was moved out already; readers that share a result use the lvalue forms");
}

void shared_state::print(std::ostream& os)
{
    auto const s = state();
    os << "<future state=" << s;
    if (s == future_state::finished) {
        if (auto const e = failure()) {
            os << " raised " << exception_text(e);
        } else {
            os << " returned ";
            print_value_type(os);
        }
    }
    os << '>';
}

}  // namespace cofu::detail
