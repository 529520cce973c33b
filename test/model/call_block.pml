/* Copyright 2026 The cofu authors
 * Distributed under the Boost Software License, Version 1.0.
 * (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)
 */

/* The block of one call: its word, its function and value, its list of waiters. A successful
 * compare-exchange is one atomic step; a loop that waits for a bit is a blocked guard.
 */

#define WATCHER_A 0
#define WATCHER_B 1
#define HANDLER 2
#define CALLBACK 3
#define NONE 4
#define NODES 4
#define is_watcher(n) ((n) <= WATCHER_B)
/* Whose owner waits until it was told. */
#ifdef LASTING
#define lasts(n) ((n) != CALLBACK)
#else
#define lasts(n) ((n) == HANDLER)
#endif

#define THREADS 2
#define NOBODY THREADS

int w;                 /* the word */
bool block_freed;
byte final_phase;      /* the first terminal phase seen, 0 before */
byte runs;             /* of the function */
byte destroyed;        /* of the function */
bool stored;           /* the value or exception stands in the block */
byte moved_out;

byte head = NONE, tail = NONE, next[NODES], prev[NODES];  /* the list, under LOCK */
bool alive[NODES];     /* the waiter's storage may be touched */
bool linked[NODES];    /* under LOCK */
byte told[NODES];      /* watchers: told; handlers: posted */
byte acted[NODES];     /* actions: delivered */
byte removed[NODES];
byte stamp[NODES], last_added, last_run;  /* order of addition */
bool context_alive = true;

byte runner_thread = NOBODY;  /* written by whoever won the start */
bool inner_call[THREADS];     /* the thread runs another call inside this one: under the pool's mutex */
bool kept[THREADS];           /* the interruption waits until this call goes on: likewise */
bool interrupted[THREADS];    /* Boost.Thread's flag */
bool left_call[THREADS];      /* the thread will go on to other work */
byte consumed;                /* interruptions that the function saw */
bool swallowed;               /* by the finisher, which does so once */
bool stop_returned;

#define LOCALS byte at = NONE, after = NONE; bool won, last; int seen
#define touch() assert(!block_freed)

inline set_word(v)
{
    d_step {
        touch();
        assert(final_phase == 0 || phase(v) == final_phase);
        w = v;
        if
        :: is_done(w) -> final_phase = phase(w)
        :: else
        fi
    }
}

inline free_block()
{
    d_step {
        touch();
        assert(is_done(w));
        assert((w & (LOCK | LISTED | INTERRUPTING)) == 0);
        assert(head == NONE);
        block_freed = true
    }
}

/* Lets go of QUEUED, RUNNER or one HANDLE. */
inline release_reference(bits)
{
    atomic {
        set_word(w - (bits));
        last = is_unreferenced(w)
    }
    if
    :: last -> free_block()
    :: else
    fi
}

inline drop_handle()
{
    d_step { touch(); seen = w }
    if
    :: is_last_handle(seen) -> free_block()
    :: else -> release_reference(HANDLE)
    fi
}

inline lock_list()
{
    atomic {
        (block_freed || can_acquire(w));
        set_word(w | LOCK);
        seen = w
    }
}

inline unlock_list()
{
    atomic { set_word(released(w, head != NONE)) }
}

/* After the telling: what was not listed is not looked at. */
inline unlock_told()
{
#ifdef M_TELL_WHAT_IS_NOT_LISTED
    unlock_list()
#else
    atomic { set_word(released(w, (w & LISTED) && head != NONE)) }
#endif
}

inline link(n)
{
    d_step {
        touch();
        assert(alive[n] && !linked[n]);
        prev[n] = tail;
        next[n] = NONE;
        if
        :: tail == NONE -> head = n
        :: else -> assert(alive[tail]); next[tail] = n
        fi;
        tail = n;
        linked[n] = true;
        last_added++;
        stamp[n] = last_added
    }
}

inline unlink(n)
{
    d_step {
        touch();
        assert(alive[n] && linked[n]);
        if
        :: prev[n] == NONE -> head = next[n]
        :: else -> assert(alive[prev[n]]); next[prev[n]] = next[n]
        fi;
        if
        :: next[n] == NONE -> tail = prev[n]
        :: else -> assert(alive[next[n]]); prev[next[n]] = prev[n]
        fi;
        linked[n] = false
    }
}

/* Leaves in `won` whether the waiter was linked; else the call is done. */
inline add_waiter(n)
{
    atomic {
#ifdef M_ADD_AFTER_DONE
        won = !is_done(w);
        touch()
    }
    atomic {
        (block_freed || !won || can_acquire(w));
#else
        (block_freed || is_done(w) || can_acquire(w));
        won = !is_done(w);
#endif
        touch();
        alive[n] = true;
        if
        :: won -> set_word(w | LOCK)
        :: else
        fi
    }
    if
    :: won ->
        seen = head;
        assert(w & LOCK);
        link(n);
        if
        :: seen == NONE && lasts(n) -> atomic { set_word(released_sole(w)) }
        :: else -> unlock_list()
        fi
    :: else
    fi
}

/* The same for one that lasts, where the caller's is the only handle: in one step, for which the
 * list is made ready before.
 */
inline add_lasting(n)
{
    won = false;
    if
    :: can_list_sole(w) ->
        alive[n] = true;
        link(n);
        atomic {
            won = can_list_sole(w);
            if
            :: won -> set_word(w | LISTED | SOLE)
            :: else
            fi
        }
        if
        :: won
        :: else -> unlink(n)
        fi
    :: else
    fi;
    if
    :: won
    :: else -> add_waiter(n)
    fi
}

/* Leaves in `won` whether the waiter was still linked. */
inline remove_waiter(n)
{
#ifdef M_REMOVE_WITHOUT_LOCK
    last = true;
#elif defined(M_REMOVE_WHAT_IS_NOT_LISTED)
    lock_list();
    last = true;
#else
    atomic {
        (block_freed || (w & (LOCK | LISTED)) == 0 || can_acquire(w));
        touch();
        last = (w & (LOCK | LISTED)) != 0;
        if
        :: last -> set_word(w | LOCK)
        :: else
        fi
    }
#endif
    if
    :: last ->
        atomic { assert(alive[n]); won = linked[n] }
        if
        :: won -> unlink(n); removed[n]++
        :: else
        fi;
#ifndef M_REMOVE_WITHOUT_LOCK
        unlock_list()
#endif
    :: else -> won = false
    fi
}

inline tell(n)
{
    d_step {
        assert(alive[n]);
        assert(is_done(w) && removed[n] == 0);
        told[n]++;
        assert(told[n] == 1)
    }
}

/* Under LOCK. */
inline tell_watchers()
{
#ifdef M_TELL_WHAT_IS_NOT_LISTED
    at = head;
#else
    at = ((w & LISTED) -> head : NONE);
#endif
    do
    :: at == NONE -> break
    :: else ->
        atomic { assert(alive[at]); after = next[at] }
        if
        :: is_watcher(at) ->
#ifdef M_TELL_THEN_UNLINK
            tell(at); unlink(at)
#else
            unlink(at); tell(at)
#endif
        :: else
        fi;
#ifdef M_NEXT_AFTER_TELL
        atomic { assert(alive[at]); at = next[at] }
#else
        at = after
#endif
    od;
    after = NONE
}

inline mark_run(n)
{
    assert(removed[n] == 0 && acted[n] == 0);
    assert(stamp[n] > last_run);
    last_run = stamp[n]
}

/* An unlinked action. A handler is posted to its context, which may destroy it at once; a callback
 * is user code that uses its future and, in the gated scenario, outlasts the handler's context.
 */
inline run_action(n)
{
    if
    :: n == HANDLER ->
        d_step { assert(alive[n] && context_alive); mark_run(n); told[n]++ }
    :: else ->
#ifdef GATED
        !context_alive;
#endif
        d_step { assert(alive[n]); mark_run(n); acted[n]++ }
        lock_list();
        unlock_list();
        alive[n] = false
    fi
}

/* One after another. `LISTED` off means that none is left, as none can be added any more; whether
 * the implementation looks before it locks is left open.
 */
inline run_actions()
{
    do
    :: atomic { (block_freed || (w & LISTED) == 0) -> touch() }; break
    :: atomic { (block_freed || (w & LISTED) != 0) -> touch() }
        lock_list();
        at = head;
        if
        :: at == NONE -> unlock_list(); break
        :: else ->
            unlink(at);
#ifdef M_CALLBACK_UNDER_LOCK
            run_action(at);
            unlock_list()
#else
            unlock_list();
            run_action(at)
#endif
        fi
    od;
    at = NONE
}

#ifdef M_DETACHED_ACTIONS
/* Takes all actions out under one lock and runs them from a list of its own (two at most here). */
inline run_detached()
{
    lock_list();
    at = head;
    after = NONE;
    if
    :: at != NONE ->
        after = next[at];
        unlink(at);
        if
        :: after != NONE -> unlink(after)
        :: else
        fi
    :: else
    fi;
    unlock_list();
    if
    :: at != NONE -> run_action(at)
    :: else
    fi;
    if
    :: after != NONE -> run_action(after)
    :: else
    fi;
    at = NONE; after = NONE
}
#define run_actions() run_detached()
#endif

inline destroy_function()
{
    d_step { touch(); destroyed++; assert(destroyed == 1) }
}

#ifdef M_SWALLOW_WHERE_STOP_IS_SEEN
#define INTERRUPTION_SEEN (STOP)
#else
#define INTERRUPTION_SEEN (INTERRUPTED)
#endif

/* The word that the finisher saw says whether its thread was interrupted. */
inline swallow_if_seen(me)
{
    if
    :: (seen & INTERRUPTION_SEEN) && !swallowed -> interrupted[me] = false; swallowed = true
    :: else
    fi
}

/* The value is stored; `dropped` is RUNNER for a worker and 0 for a promise. */
inline finish(final, dropped, me)
{
    atomic {
        touch();
        assert(stored);
        seen = w;
        won = can_finish_at_once(w);
        at = NONE;
        if
        :: won ->
            set_word(with_phase(w, final) & ~(dropped));
            last = is_unreferenced(w);
            left_call[me] = true
        :: can_finish_sole(w) ->
            set_word(with_phase(w, final) & ~(LISTED | SOLE | (dropped)));
            last = false;
            at = head;
            left_call[me] = true;
            won = true
        :: else
        fi
    }
    if
    :: won && at != NONE ->
        unlink(at);
        if
        :: is_watcher(at) -> tell(at)
        :: else -> run_action(at)
        fi;
        at = NONE
    :: won && at == NONE ->
        if
        :: last -> free_block()
        :: else
        fi
    :: else ->
#ifdef M_SWALLOW_BEFORE_LOCK
        atomic { (block_freed || (w & INTERRUPTING) == 0) -> touch(); seen = w };
        swallow_if_seen(me);
        lock_list();
        atomic { set_word(with_phase(w, final)) };
#else
        do
        :: atomic { (block_freed || can_acquire(w)) -> touch(); seen = w }
            swallow_if_seen(me);
            atomic {
                won = (w == seen);
                if
                :: won ->
#ifdef M_RUNNER_DROPPED_EARLY
                    set_word(with_phase(w | LOCK, final) & ~(dropped));
#else
                    set_word(with_phase(w | LOCK, final));
#endif
                    left_call[me] = true
                :: else
                fi
            }
            if
            :: won -> break
            :: else
            fi
        od;
#endif
        tell_watchers();
        unlock_told();
        run_actions();
#ifdef M_RUNNER_DROPPED_EARLY
        atomic { touch(); last = is_unreferenced(w) }
        if
        :: last -> free_block()
        :: else
        fi
#else
        if
        :: (dropped) != 0 -> release_reference(dropped)
        :: else
        fi
#endif
    fi
}

/* Leaves in `won` whether this thread cancelled the call; its reference lasts until it returns. */
inline cancel_call()
{
    atomic {
        touch();
        won = can_cancel(w);
        if
        :: won -> set_word(with_phase(w, CANCELLED))
        :: else
        fi
    }
    if
    :: won -> tell_cancelled()
    :: else
    fi
}

#ifdef M_CANCEL_PEEKS_LISTED_ONLY
#define NOBODY_TO_TELL ((w & LISTED) == 0)
#else
#define NOBODY_TO_TELL ((w & (LOCK | LISTED)) == 0)
#endif

inline tell_cancelled()
{
#ifndef PROMISE
    destroy_function();
#endif
    if
    :: atomic { (block_freed || NOBODY_TO_TELL) -> touch() }
    :: true ->
        lock_list();
        tell_watchers();
        unlock_told();
        run_actions()
    fi
}
