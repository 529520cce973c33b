/* Copyright 2026 The cofu authors
 * Distributed under the Boost Software License, Version 1.0.
 * (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)
 */

/* The end of a thread pool (src/detail/thread_pool_shutdown.cpp, thread_pool_workers.cpp): workers
 * that are started late and may leave when idle, producers of calls or functions, a call that
 * submits another one, calls that shut their own pool down, and shutdowns from outside. A step
 * under the mutex is one of its own where something is written or read that others use without it.
 *
 * Calls are numbered: those of the producers first, then the one that a call submits.
 */

#ifndef THREADS
#define THREADS 2       /* that may ever be started */
#endif
#ifndef MAX_WORKERS
#define MAX_WORKERS 2
#endif
#ifndef PRODUCERS
#define PRODUCERS 1
#endif
#ifndef EACH
#define EACH 1          /* calls of a producer */
#endif
#ifndef FUNCTIONS
#define FUNCTIONS 0     /* true: functions of the executor instead of calls */
#endif
#ifndef INSIDE
#define INSIDE 0        /* so many of the first calls shut the pool down */
#endif
#ifndef DESTROYS
#define DESTROYS 0      /* who shut it down destroys the pool object */
#endif
#ifndef NESTED
#define NESTED 0        /* true: the producers' last call submits one ... */
#endif
#ifndef WAITS
#define WAITS 0         /* ... and waits until it is over */
#endif
#ifndef SHUTTERS
#define SHUTTERS 1      /* from outside, which wait */
#endif
#ifndef CANCEL
#define CANCEL 0        /* true: the first of them cancels what is queued */
#endif
#ifndef CALLBACK
#define CALLBACK 0      /* true: a callback of what it cancels shuts down too */
#endif
#ifndef ASYNCS
#define ASYNCS 0        /* shutdowns whose end is posted */
#endif
#ifndef IDLE
#define IDLE 0          /* true: a sleeping worker may leave */
#endif
#ifndef FAILS
#define FAILS 0         /* true: the first worker's initializer fails */
#endif
#ifndef WORK
#define WORK 0          /* outstanding work, which the shutdowns wait for */
#endif

#define OUTSIDE (PRODUCERS * EACH)
#define ALL (OUTSIDE + NESTED)
#define ACTORS (PRODUCERS + SHUTTERS + ASYNCS + WORK)

/* phases; a call's states */
#define OPEN 0
#define DRAINING 1
#define CLOSING 2
#define CLOSED 3
#define NEW 0
#define QUEUED 1
#define TAKEN 2
#define WITHDRAWN 3
#define OVER 4
#define REFUSED 5

bool locked, is_open, can_grow = true, broken;
byte phase, threads, in_shutdown, telling, let_go, sleeping, tokens;
byte last_ended, joining, async_waiting, outstanding = WORK;
short in_wait;              /* who waits for the condition variable */
byte queued, state[ALL];
byte refs = 1;              /* of the core: the pool object's and one for each thread */

/* what the checks look at */
byte started, ends, running, posted, producing = PRODUCERS, done_actors;
bool gone[THREADS], begun_to_end;

inline touch() { assert(refs > 0) }
inline release() { atomic { touch(); refs-- } }
inline lock() { atomic { !locked -> touch(); locked = true } }
inline unlock() { locked = false }

inline notify_all() { in_wait = 0 }
inline wait_for_change()  /* with the mutex */
{
    atomic { in_wait = in_wait | (1 << _pid); locked = false }
    atomic { (in_wait & (1 << _pid)) == 0 && !locked -> locked = true }
}

inline opened_or_closed()
{
    atomic { can_grow = (threads < MAX_WORKERS); is_open = (phase == OPEN && threads != 0 && !IDLE) }
}

inline start_worker()
{
    atomic { assert(started < THREADS); started++; threads++; refs++ }
    opened_or_closed()
}

inline start_first()
{
    if
    :: threads == 0 -> start_worker()
    :: else
    fi
}

#ifdef M_GROW_WHEN_CLOSED
#define MAY_GROW (threads < MAX_WORKERS && started < THREADS)
#else
#define MAY_GROW (phase != CLOSED && threads < MAX_WORKERS && started < THREADS)
#endif

/* Not where somebody may be looking for work. */
inline grow_locked()
{
    if
    :: MAY_GROW && sleeping == 0 -> start_worker()
    :: !MAY_GROW || sleeping > 0 || running + in_shutdown < threads
    fi
}

/* idle_workers::choose_one without its throttle, which sleep.pml models */
inline choose_one(chosen_)
{
    if
    :: sleeping > 0 -> sleeping--; tokens++; chosen_ = true
    :: else -> chosen_ = false
    fi
}

/* With the mutex. */
inline on_work()
{
#ifndef M_NOBODY_INSIDE_IS_TOLD
    if
    :: in_shutdown != 0 -> notify_all()
    :: else
    fi;
#endif
    atomic { choose_one(chosen) }
    if
    :: !chosen -> grow_locked()
    :: else
    fi;
    chosen = false
}

/* Under the lock of a queue. */
inline enqueue(call_) { state[call_] = QUEUED; queued++ }

/* submit, or a function given to the executor */
inline push(call_, on_worker_)
{
    accepted = false;
    late = begun_to_end && !on_worker_ && (!FUNCTIONS || phase == CLOSED);
    kept = can_grow;
#ifndef M_TOUCHED_AFTER_PUSH
    if
    :: kept -> atomic { touch(); refs++ }
    :: else
    fi;
#endif
    touch();
#ifdef M_OPEN_READ_BEFORE_LOCK
    accepted = is_open;
    if
    :: accepted -> atomic { enqueue(call_); choose_one(chosen) }
    :: else
    fi;
#else
    atomic {
        if
        :: is_open -> enqueue(call_); choose_one(chosen); accepted = true
        :: else
        fi
    }
#endif
    if
    :: accepted && !chosen && kept -> lock(); grow_locked(); unlock()
    :: else
    fi;
    if
#ifndef M_TOUCHED_AFTER_PUSH
    :: kept -> release()
#endif
    :: else
    fi;
    if
    :: !accepted -> lock();
        if
        :: !broken && (phase == OPEN || (phase == DRAINING && on_worker_) || (phase != CLOSED && FUNCTIONS)) ->
            start_first();
            enqueue(call_);
            on_work();
            accepted = true
        :: else -> state[call_] = REFUSED
        fi;
        unlock()
    :: else
    fi;
    assert(!(accepted && late));
    atomic { chosen = false; kept = false; late = false; accepted = false }
}

/* ready_queues::take */
inline take()
{
    d_step {
        got = (queued > 0);
        if
        :: got ->
            call = 0;
            do
            :: state[call] != QUEUED -> call++
            :: else -> break
            od;
            state[call] = TAKEN; queued--; running++
        :: else
        fi
    }
}

/* ready_queues::take_all */
inline take_all(all_)
{
    d_step {
        withdrawn = 0;
        for (i : 0 .. ALL - 1) {
            if
            :: state[i] == QUEUED && (all_ || !FUNCTIONS) ->
                state[i] = WITHDRAWN; queued--; withdrawn = withdrawn | (1 << i)
            :: else
            fi
        }
        i = 0
    }
}

inline tell_withdrawn()
{
    d_step {
        for (i : 0 .. ALL - 1) {
            if
            :: (withdrawn & (1 << i)) != 0 -> assert(state[i] == WITHDRAWN); state[i] = OVER
            :: else
            fi
        }
        i = 0
    }
}

inline close()
{
    phase = CLOSED;
    opened_or_closed();
    atomic { tokens = tokens + sleeping; sleeping = 0 }
    notify_all()
}

#ifdef M_INSIDE_NOT_COUNTED
#define ALL_REST (sleeping == threads)
#else
#define ALL_REST (sleeping + in_shutdown == threads)
#endif

inline close_if_drained()
{
#ifdef M_TELLING_NOT_COUNTED
    drained = (phase == DRAINING || phase == CLOSING) && ALL_REST;
#else
    drained = (phase == DRAINING || phase == CLOSING) && telling == 0 && ALL_REST;
#endif
    if
    :: drained -> drained = (queued == 0);
        if
#ifdef M_COUNTS_READ_ONCE
        :: drained && outstanding == 0 ->
#else
        :: drained && ALL_REST && outstanding == 0 ->
#endif
            d_step {
                assert(running == 0);
                for (i : 0 .. ALL - 1) { assert(state[i] != QUEUED && state[i] != WITHDRAWN) }
                i = 0
            }
            close()
        :: else
        fi
    :: else
    fi;
    drained = false
}

#define ENDED (phase == CLOSED && threads == 0)

inline tell_ended()
{
    if
    :: ENDED && async_waiting > 0 -> atomic { posted = posted + async_waiting; async_waiting = 0 }
    :: else
    fi
}

inline join(thread_)
{
    if
    :: thread_ != 0 -> gone[thread_ - 1]; thread_ = 0
    :: else
    fi
}

inline join_ended()
{
    atomic { ended = last_ended; last_ended = 0; joining++; locked = false }
    join(ended);
    lock();
    atomic { joining--; notify_all() }
#ifndef M_SECOND_DOES_NOT_JOIN
    do
    :: joining != 0 -> wait_for_change()
    :: else -> break
    od
#endif
}

/* from outside; own_: the tellings on this thread's stack */
inline wait_for_end(own_)
{
#ifndef M_OWN_TELLING_COUNTED
    telling = telling - own_;
#endif
    close_if_drained();
    do
    :: !ENDED -> wait_for_change()
    :: else -> break
    od;
#ifndef M_OWN_TELLING_COUNTED
    telling = telling + own_;
#endif
    join_ended();
    skip;
    d_step {
        assert(threads == 0);
        for (i : 0 .. THREADS - 1) { assert(i >= started || gone[i]) }
        i = 0
    }
}

/* with the mutex, which is released meanwhile */
inline begin_shutdown(cancel_, callback_)
{
    if
    :: phase == OPEN -> phase = DRAINING
    :: else
    fi;
#ifndef M_OPEN_STAYS
    opened_or_closed();
#endif
    if
    :: cancel_ && phase != CLOSED -> phase = CLOSING; take_all(false)
    :: else
    fi;
    atomic { telling++; locked = false; begun_to_end = true }
    tell_withdrawn();
    if
    :: callback_ && withdrawn != 0 ->
        lock();
        close_if_drained();
        tell_ended();
        wait_for_end(1);
        unlock()
    :: else
    fi;
    lock();
    withdrawn = 0;
    telling--;
    close_if_drained();
    tell_ended()
}

active [THREADS] proctype worker()
{
    byte call, depth, ended, now, i, withdrawn;
    byte outer[INSIDE + 1], seen[INSIDE + 1];
    bool got, accepted, late, kept, chosen, drained;
end_not_started:
    started > _pid;
    if
    :: FAILS && _pid == 0 ->  /* break_with */
        lock();
        broken = true;
#ifdef M_BROKEN_AFTER_TAKING
        take_all(true);
        phase = CLOSED;
        opened_or_closed();
#else
        phase = CLOSED;
        opened_or_closed();
        take_all(true);
#endif
        close();
        begun_to_end = true;
        unlock();
        tell_withdrawn();
        withdrawn = 0;
        lock();
        goto leave
    :: else
    fi;
find:
    take();
    if
    :: got -> goto begin
    :: else
    fi;
#ifdef M_PHASE_READ_BEFORE_ASLEEP
    now = phase;
    sleeping++;
#else
    sleeping++;
    now = phase;
#endif
    if
#ifndef M_SLEEPER_DOES_NOT_CLOSE
    :: now != OPEN -> lock(); close_if_drained(); now = phase; unlock()
#endif
    :: else
    fi;
    if
    :: now == CLOSED || queued > 0 ->
        atomic {
            if
            :: sleeping > 0 -> sleeping--; got = true
            :: else
            fi
        }
        if
        :: got && now == CLOSED -> lock(); goto leave
        :: got -> goto find
        :: else
        fi
    :: else
    fi;
    do
    :: atomic { tokens > 0 -> tokens--; now = phase }
        if
        :: now == CLOSED -> lock(); goto leave
        :: else -> goto find
        fi
    :: atomic { IDLE && started < THREADS && sleeping > 0 -> sleeping-- }
#ifdef M_IDLE_LEAVES_WITHOUT_LOOK
        lock();
        goto leave
#else
        lock();
        if
        :: queued == 0 -> goto leave
        :: else -> unlock(); goto find
        fi
#endif
    od;

begin:
    if
    :: NESTED && call == OUTSIDE - 1 ->
        push(OUTSIDE, true);
        !WAITS || state[OUTSIDE] >= OVER
    :: else
    fi;
    if
    :: call < INSIDE -> lock(); begin_shutdown(false, false);
        atomic {
            depth++; outer[depth] = call; seen[depth] = let_go;
            running--; in_shutdown++; notify_all()
        }
        goto inside
    :: else
    fi;
over:
    atomic { assert(state[call] == TAKEN); state[call] = OVER; running-- }
    if
    :: depth == 0 -> goto find
    :: else -> lock(); in_shutdown++
    fi;
inside:  /* thread_pool_core::shutdown on a worker; with the mutex */
    if
    :: seen[depth] != let_go ->
        in_shutdown--;
        join_ended();
        unlock();
        atomic { running++; call = outer[depth]; depth-- }
        if
        :: DESTROYS -> release()
        :: else
        fi;
        goto over
    :: else
    fi;
    atomic { take(); if :: got -> in_shutdown-- :: else fi }
    if
    :: got ->
        if
        :: queued > 0 -> on_work()
        :: else
        fi;
        unlock();
        goto begin
    :: else
    fi;
    close_if_drained();
    if
    :: phase == CLOSED && threads == in_shutdown -> atomic { let_go++; notify_all() }
    :: (phase != CLOSED || threads != in_shutdown) && queued == 0 -> wait_for_change()
    :: else
    fi;
    goto inside;

leave:  /* with the mutex */
    threads--;
    opened_or_closed();
    close_if_drained();
    atomic { ended = last_ended; last_ended = _pid + 1 }
    notify_all();
#ifndef M_LEAVER_TELLS_NOBODY
    tell_ended();
#endif
    unlock();
#ifndef M_LEAVER_DOES_NOT_JOIN
    join(ended);
#endif
    release();
    atomic { gone[_pid] = true; ends++ }
}

proctype producer(byte first)
{
    byte call = first;
    bool accepted, late, kept, chosen;
    do
    :: call < first + EACH ->
        if
        :: !is_open -> lock();  /* admit */
            if
            :: !broken && (phase == OPEN || (phase != CLOSED && FUNCTIONS)) -> start_first(); unlock();
                push(call, false)
            :: else -> state[call] = REFUSED; unlock()
            fi
        :: else -> push(call, false)
        fi;
        call++
    :: else -> break
    od;
    producing--;
    done_actors++
}

proctype shutter(bool cancel)
{
    byte ended, i, withdrawn;
    bool drained;
    lock();
    begin_shutdown(cancel, CALLBACK);
    wait_for_end(0);
    unlock();
    if
    :: WORK && DESTROYS -> producing == 0; release()
    :: else
    fi;
    done_actors++
}

proctype async_shutter()
{
    byte ended, i, withdrawn;
    bool drained;
    atomic { touch(); refs++ }
    lock();
    begin_shutdown(false, false);
    if
    :: ENDED -> posted++
    :: else -> async_waiting++
    fi;
    unlock();
    release();
    done_actors++
}

/* thread_pool_core::work_finished, of the last */
proctype work()
{
    bool drained;
    byte i;
#ifdef M_LAST_WORK_WITHOUT_MUTEX
    outstanding--;
    atomic { touch(); refs++ }
    lock();
#else
    atomic { touch(); refs++ }
    lock();
    outstanding--;
#endif
    close_if_drained();
    tell_ended();
    unlock();
    release();
    done_actors++
}

init
{
    byte i;
    atomic {
        do
        :: i < PRODUCERS -> run producer(i * EACH); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < SHUTTERS -> run shutter(CANCEL && i == 0); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < ASYNCS -> run async_shutter(); i++
        :: else -> break
        od;
        if
        :: WORK -> run work()
        :: else
        fi;
        i = 0
    }
    /* Nobody waits for ever: else this is an invalid end state. */
    done_actors == ACTORS && posted == ASYNCS && ends == started;
    d_step {
        for (i : 0 .. ALL - 1) { assert(state[i] == OVER || state[i] == REFUSED || (i == OUTSIDE && state[i] == NEW)) }
        assert(refs == 1 - DESTROYS);
        assert(sleeping == 0 && tokens == 0 && running == 0 && queued == 0)
    }
}
