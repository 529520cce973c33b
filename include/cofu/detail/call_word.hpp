// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The life of a call in one word: which transitions exist, as pure functions. shared_state obeys
// them by compare-exchange; doc/design/state-word.md explains them; test/model proves them.

#include <cstdint>
#include <optional>

namespace cofu::detail::call_word {

using word = std::uint64_t;

inline constexpr word phase_mask = 7;
inline constexpr word pending = 0;    // nobody has begun it
inline constexpr word running = 1;    // a worker, or a promise's owner, has begun it
inline constexpr word setting = 2;    // a promise's value is being constructed
inline constexpr word cancelled = 3;  // it will never run
inline constexpr word value = 4;      // finished with a value
inline constexpr word error = 5;      // finished with an exception

inline constexpr word lock = 8;            // guards the list of waiters
inline constexpr word listed = 16;         // the list of waiters is not empty
inline constexpr word queued = 32;         // a queue entry refers to the block
inline constexpr word runner = 64;         // a worker or a promise refers to the block
inline constexpr word stop = 128;          // a stop was requested
inline constexpr word interrupting = 256;  // a requester is about to interrupt the runner
inline constexpr word interrupted = 512;   // the runner was interrupted
inline constexpr word taken = 1024;        // the value was moved out
inline constexpr word marked = 2048;       // a completion queue was given it
inline constexpr word sole = 4096;  // its only waiter lasts until it was told: no lock to take it
inline constexpr word handle = word{1} << 32;  // one future refers to the block

constexpr word phase(word w) { return w & phase_mask; }
constexpr word with_phase(word w, word p) { return (w & ~phase_mask) | p; }
constexpr bool is_done(word w) { return phase(w) >= cancelled; }
constexpr bool is_stoppable(word w) { return phase(w) == running || phase(w) == setting; }
constexpr bool is_unreferenced(word w) { return w < handle && (w & (queued | runner)) == 0; }

// A worker took the call from the queue and begins it.
constexpr std::optional<word> start(word w)
{
    if (phase(w) != pending)
        return std::nullopt;
    return (with_phase(w, running) | runner) & ~queued;
}

// Somebody else than the queue's reader begins it; the queue keeps a tombstone.
constexpr std::optional<word> claim(word w)
{
    if (phase(w) != pending)
        return std::nullopt;
    return with_phase(w, running) | runner;
}

constexpr std::optional<word> cancel(word w)
{
    if (phase(w) != pending)
        return std::nullopt;
    return with_phase(w, cancelled);
}

// A promise's owner begins to run (set_running_or_notify_cancel).
constexpr std::optional<word> begin_running(word w)
{
    if (phase(w) != pending)
        return std::nullopt;
    return with_phase(w, running);
}

// A promise's owner begins to construct the value.
constexpr std::optional<word> begin_setting(word w)
{
    if (phase(w) != pending && phase(w) != running)
        return std::nullopt;
    return with_phase(w, setting);
}

// Nobody watches and nobody asked for a stop: done in one step. `dropped` is the reference that the
// finisher lets go of at the same time (runner, or 0).
constexpr std::optional<word> finish_at_once(word w, word final_phase, word dropped)
{
    if ((w & (lock | listed | stop | interrupting)) != 0)
        return std::nullopt;
    return with_phase(w, final_phase) - dropped;
}

// The same where the only waiter is taken in the same step.
constexpr std::optional<word> finish_sole(word w, word final_phase, word dropped)
{
    if ((w & (lock | listed | sole | stop | interrupting)) != (listed | sole))
        return std::nullopt;
    return (with_phase(w, final_phase) & ~(listed | sole)) - dropped;
}

// The owner of the only handle, whom nobody else can meet at the list, links a first waiter that
// lasts.
constexpr std::optional<word> list_sole(word w)
{
    if (is_done(w) || (w & (lock | listed)) != 0 || w / handle != 1)
        return std::nullopt;
    return w | listed | sole;
}

// What a waiter's owner notes in the step that links it: a handle, and marked.
constexpr word note(word w, word more) { return (w | (more & marked)) + (more & ~marked); }

// The finisher, or anybody who changes the list, takes the lock. An interruption on its way to the
// runner is waited for first.
constexpr std::optional<word> acquire(word w)
{
    if ((w & (lock | interrupting)) != 0)
        return std::nullopt;
    return w | lock;
}

constexpr word release(word w, bool has_waiters)
{
    return (w & ~(lock | listed | sole)) | (has_waiters ? listed : 0);
}

// The list holds one waiter, which lasts.
constexpr word release_sole(word w) { return release(w, true) | sole; }

// A stop may be requested once. The requester signals the stop token, which may take any time.
constexpr std::optional<word> request_stop(word w)
{
    if (!is_stoppable(w) || (w & stop) != 0)
        return std::nullopt;
    return w | stop;
}

// Then the requester interrupts the runner, which can't finish in between, if it has not yet.
constexpr std::optional<word> begin_interrupting(word w)
{
    if (!is_stoppable(w))
        return std::nullopt;
    return w | interrupting;
}

constexpr word end_interrupting(word w) { return (w & ~interrupting) | interrupted; }

// The value is moved out, once.
constexpr std::optional<word> take(word w)
{
    if (phase(w) != value || (w & taken) != 0)
        return std::nullopt;
    return w | taken;
}

}  // namespace cofu::detail::call_word
