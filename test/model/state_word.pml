/* Copyright 2026 The cofu authors
 * Distributed under the Boost Software License, Version 1.0.
 * (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)
 */

/* Who meets at a call's word. A scenario says by -D how many of each there are; every process but
 * the worker, the closing pool and the setters begins with a handle of its own.
 */

#include "call_word.pml"
#include "call_block.pml"

#ifndef WORKERS
#define WORKERS 0
#endif
#ifndef CLOSERS
#define CLOSERS 0
#endif
#ifndef CLAIMERS
#define CLAIMERS 0
#endif
#ifndef CANCELLERS
#define CANCELLERS 0
#endif
#ifndef WATCHERS
#define WATCHERS 0
#endif
#ifndef CONTEXTS
#define CONTEXTS 0
#endif
#ifndef CALLBACKS
#define CALLBACKS 0
#endif
#ifndef STOPPERS
#define STOPPERS 0
#endif
#ifndef TAKERS
#define TAKERS 0
#endif
#ifndef DROPPERS
#define DROPPERS 0
#endif
#ifdef PROMISE
#define SETTERS 2
#else
#define SETTERS 0
#endif

#define HOLDERS \
    (CLAIMERS + CANCELLERS + WATCHERS + CONTEXTS + CALLBACKS + STOPPERS + TAKERS + DROPPERS)

byte busy = HOLDERS + WORKERS + CLOSERS + SETTERS;
byte setters = SETTERS;
byte setters_won;

inline leave_process()
{
    atomic { busy--; at = NONE; after = NONE; won = false; last = false; seen = 0 }
}

/* Sets the flag of the runner's thread, where this call is the innermost. */
inline interrupt(thread)
{
    d_step {
        assert(!left_call[thread]);
        interrupted[thread] = true
    }
}

inline interruption_point(me)
{
    d_step {
        assert(!stop_returned || interrupted[me] || consumed > 0);
        if
        :: interrupted[me] -> interrupted[me] = false; consumed++; assert(consumed == 1)
        :: else
        fi
    }
}

/* The function runs another call on the same thread, which no interruption of ours may reach: it is
 * kept, by whichever of runner and requester comes second under the pool's mutex.
 */
inline run_inner_call(me)
{
    atomic {
        inner_call[me] = true;
        if
        :: interrupted[me] -> interrupted[me] = false; kept[me] = true
        :: else
        fi
    }
    assert(!interrupted[me]);
    atomic {
        inner_call[me] = false;
        if
        :: kept[me] ->
            kept[me] = false;
#ifndef M_NOT_CAUGHT_UP_AFTER_INNER_CALL
            interrupt(me)
#endif
        :: else
        fi
    }
}

/* Phase RUNNING was reached by this thread. */
inline run_function(me)
{
    d_step {
        touch();
        runs++;
        assert(runs == 1 && destroyed == 0 && final_phase == 0)
    }
#if STOPPERS > 0
    runner_thread = me;
#ifdef INNER_CALL
    run_inner_call(me);
#endif
    if
    :: interruption_point(me)
    :: true
    fi;
#endif
    destroy_function();
    d_step { touch(); stored = true }
}

inline run_and_finish(me)
{
    run_function(me);
    if
    :: finish(VALUE, RUNNER, me)
#if TAKERS > 0
    :: finish(ERROR, RUNNER, me)
#endif
    fi;
    assert(!interrupted[me])
}

#if WORKERS > 0
proctype worker()
{
    LOCALS;
    atomic {
        touch();
        won = can_start(w);
        if
        :: won -> set_word(started(w))
        :: else
        fi
    }
    if
    :: won -> run_and_finish(0)
    :: else ->
#ifndef M_FAILED_START_KEEPS_QUEUED
        release_reference(QUEUED)
#endif
    fi;
    leave_process()
}
#endif

/* A pool that closes cancels what it takes from its queue; QUEUED is its reference. */
#if CLOSERS > 0
proctype closer()
{
    LOCALS;
    cancel_call();
    release_reference(QUEUED);
    leave_process()
}
#endif

#if CLAIMERS > 0
proctype claimer()
{
    LOCALS;
    atomic {
        touch();
        won = can_claim(w);
        if
        :: won -> set_word(claimed(w))
        :: else
        fi
    }
    if
    :: won -> run_and_finish(1)
    :: else
    fi;
    drop_handle();
    leave_process()
}
#endif

#if CANCELLERS > 0
proctype canceller()
{
    LOCALS;
#ifdef M_CANCEL_WITHOUT_HANDLE
    atomic {
        touch();
        won = can_cancel(w);
        if
        :: won -> set_word(with_phase(w, CANCELLED))
        :: else
        fi
    }
    if
    :: won -> drop_handle(); tell_cancelled()
    :: else -> drop_handle()
    fi;
#else
    cancel_call();
    drop_handle();
#endif
    leave_process()
}
#endif

/* A blocking wait: until told, or abandoned at any moment. */
#if WATCHERS > 0
proctype watcher(byte me)
{
    LOCALS;
#ifdef LASTING
    add_lasting(me);
#else
    add_waiter(me);
#endif
    if
    :: won ->
        if
        :: true -> told[me] > 0
        :: true ->
            remove_waiter(me);
#if defined(LASTING) && !defined(M_SOLE_DOES_NOT_WAIT)
            (won || told[me] > 0);
#endif
            assert(won || told[me] == 1)
        fi
    :: else -> assert(is_done(w))
    fi;
    d_step {
        touch();
        assert(removed[me] == 1 || is_done(w));
        assert(removed[me] == 1 || phase(w) == CANCELLED || stored);
        assert(removed[me] + told[me] <= 1);
        alive[me] = false
    }
    drop_handle();
    leave_process()
}
#endif

/* The thread of an execution context: starts an asynchronous wait, whose operation holds a handle
 * until its handler was invoked or destroyed; then waits, or cancels the operation, or goes down.
 */
#if CONTEXTS > 0
proctype context()
{
    LOCALS;
#ifdef GATED
    add_waiter(CALLBACK);
    if
    :: won
    :: else -> acted[CALLBACK]++
    fi;
#endif
    add_lasting(HANDLER);
#ifdef M_ACTION_WITHOUT_HANDLE
    bool added = won;
    drop_handle();
    won = added;
#endif
    if
    :: won ->
        if
#ifndef GATED
        :: true -> told[HANDLER] > 0
#endif
        :: true ->
            remove_waiter(HANDLER);
            if
            :: won
            :: else ->
#ifndef M_REMOVER_DOES_NOT_WAIT
                told[HANDLER] > 0
#endif
            fi
        fi
    :: else -> told[HANDLER]++
    fi;
    d_step {
        assert(removed[HANDLER] + told[HANDLER] == 1);
        acted[HANDLER] = told[HANDLER];
        alive[HANDLER] = false;
        context_alive = false
    }
#ifndef M_ACTION_WITHOUT_HANDLE
    drop_handle();
#endif
    leave_process()
}
#endif

#if CALLBACKS > 0
proctype callback_adder()
{
    LOCALS;
    add_waiter(CALLBACK);
    if
    :: won
    :: else -> d_step { acted[CALLBACK]++; alive[CALLBACK] = false }
    fi;
    drop_handle();
    leave_process()
}
#endif

#ifdef M_INNER_CALL_WITHOUT_MUTEX
#define under_mutex
#else
#define under_mutex atomic
#endif
inline interrupt_runner()
{
    under_mutex {
        if
        :: thread == NOBODY
        :: else ->
            if
            :: inner_call[thread] -> kept[thread] = true
            :: else -> interrupt(thread)
            fi
        fi
    }
}

#if STOPPERS > 0
proctype stopper()
{
    LOCALS;
    byte thread = NOBODY;
    atomic {
        (block_freed || phase(w) == PENDING || can_request_stop(w) || is_done(w) || (w & STOP));
        touch();
        won = can_request_stop(w);
        if
        :: won -> set_word(w | STOP)
        :: phase(w) == PENDING -> set_word(with_phase(w, CANCELLED)); last = true
        :: else
        fi
    }
    if
    :: won ->
        touch();  /* stop callbacks, which are user code and may take any time */
        atomic {
            (block_freed || is_done(w) || can_interrupt(w));
            touch();
            won = can_interrupt(w);
            if
            :: won -> set_word(w | INTERRUPTING)
            :: else
            fi
        }
        if
        :: won ->
#if !defined(PROMISE) && !defined(M_STOP_DOES_NOT_WAIT_FOR_THREAD)
            runner_thread != NOBODY;
#endif
            thread = runner_thread;
            interrupt_runner();
            atomic { set_word((w & ~INTERRUPTING) | INTERRUPTED) };
            stop_returned = true
        :: else
        fi
    :: last -> tell_cancelled()
    :: else
    fi;
    drop_handle();
    thread = NOBODY;
    leave_process()
}
#endif

/* Polls done(), then reads from an rvalue. */
#if TAKERS > 0
proctype taker()
{
    LOCALS;
    atomic { (block_freed || is_done(w)) -> touch() }
    atomic {
        touch();
        won = can_take(w);
        if
        :: won -> set_word(w | TAKEN)
        :: else
        fi
    }
    if
    :: won -> d_step { touch(); assert(stored); moved_out++; assert(moved_out == 1) }
    :: else
    fi;
    drop_handle();
    leave_process()
}
#endif

#if DROPPERS > 0
proctype dropper()
{
    LOCALS;
    drop_handle();
    leave_process()
}
#endif

inline begin_setting()
{
    atomic {
        touch();
        won = can_begin_setting(w);
        if
        :: won -> set_word(with_phase(w, SETTING))
        :: else
        fi
    }
    if
    :: won -> d_step { setters_won++; assert(setters_won == 1); assert(!stored); stored = true }
    :: else
    fi
}

/* Two threads that own one promise; whoever is done with it last destroys it. */
#if SETTERS > 0
proctype setter(byte me)
{
    LOCALS;
    if
    :: atomic { can_begin_running(w) -> set_word(with_phase(w, RUNNING)) }
    :: true
    fi;
    if
    :: begin_setting();
        if
        :: won -> finish(VALUE, 0, me)
        :: else
        fi
    :: true
    fi;
    atomic { setters--; last = (setters == 0) }
    if
    :: last ->
        begin_setting();
        if
        :: won -> finish(ERROR, 0, me)
        :: else
        fi;
#ifndef M_PROMISE_KEEPS_RUNNER
        release_reference(RUNNER)
#endif
    :: else
    fi;
    leave_process()
}
#endif

#define times(n, process) i = 0; do :: i < (n) -> run process; i++ :: else -> break od

init
{
    byte i;
    atomic {
        w = HOLDERS * HANDLE;
        if
        :: SETTERS > 0 -> w = w | RUNNER
        :: else -> w = w | QUEUED
        fi;
#if WORKERS > 0
        times(WORKERS, worker());
#endif
#if CLOSERS > 0
        times(CLOSERS, closer());
#endif
#if CLAIMERS > 0
        times(CLAIMERS, claimer());
#endif
#if CANCELLERS > 0
        times(CANCELLERS, canceller());
#endif
#if WATCHERS > 0
        times(WATCHERS, watcher(i));
#endif
#if CONTEXTS > 0
        times(CONTEXTS, context());
#endif
#if CALLBACKS > 0
        times(CALLBACKS, callback_adder());
#endif
#if STOPPERS > 0
        times(STOPPERS, stopper());
#endif
#if TAKERS > 0
        times(TAKERS, taker());
#endif
#if DROPPERS > 0
        times(DROPPERS, dropper());
#endif
#if SETTERS > 0
        times(SETTERS, setter(i));
#endif
        i = 0
    }
    busy == 0;
    d_step {
        assert(block_freed);
        assert(SETTERS > 0 || destroyed == 1);
        assert(final_phase == CANCELLED || stored);
        assert((final_phase == CANCELLED) == (SETTERS > 0 -> setters_won == 0 : runs == 0));
        assert(CALLBACKS == 0 || acted[CALLBACK] == 1);
        assert(CONTEXTS == 0 || acted[HANDLER] + removed[HANDLER] == 1)
    }
}
