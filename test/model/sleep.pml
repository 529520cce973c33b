/* Copyright 2026 The cofu authors
 * Distributed under the Boost Software License, Version 1.0.
 * (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)
 */

/* Workers that look, sleep and are woken (src/detail/idle_workers.hpp), producers from outside, a
 * call that submits and batches that workers keep (ready_queues.hpp), and a shutdown. With TOGETHER
 * no call returns before so many have begun: a worker may not sleep while one waits to begin.
 *
 * A worker's additions to its own queue have no fence: they are buffered and become visible to
 * others at any later time, at the worker's next read-modify-write, or by another's heavy fence. A
 * batch is put by a sequentially consistent store.
 */

#ifndef PRODUCERS
#define PRODUCERS 1
#endif
#ifndef EACH
#define EACH 1       /* calls a producer pushes */
#endif
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef NESTED
#define NESTED 0     /* calls that the first call submits */
#endif
#ifndef TOGETHER
#define TOGETHER 0
#endif
#ifndef BATCH
#define BATCH 1      /* entries that a worker takes from outside at a time */
#endif
#ifndef CROWD
#define CROWD 0      /* a worker that does not look may leave what came from outside to others */
#endif

#define ALL (PRODUCERS * EACH + NESTED)

/* the word of idle_workers, and the tokens */
byte looking, sleeping, tokens;

/* entries from outside, under a lock; the batch of each worker; what its calls submitted, and
 * additions to that which only the worker sees; how it is counted in loaded
 */
#define FENCED 1
#define UNFENCED 2
bool locked;
byte injected, loaded, unfenced;
byte kept[WORKERS], owned[WORKERS], buffered[WORKERS];
byte counted[WORKERS];

bool closing, closed;
byte begun, finished, producing = PRODUCERS, ended;
bool nested_begun;

inline lock() { atomic { !locked -> locked = true } }
inline unlock() { locked = false }

/* idle_workers::choose_one: a read, then a compare-exchange that fails if the word changed */
inline choose_one()
{
    atomic {
        if
        :: sleeping > 0 && looking == 0 -> sleeping--; looking++; chosen = true
        :: else -> chosen = false
        fi
    }
    if
    :: chosen -> tokens++
    :: else
    fi;
    chosen = false
}

inline drain(w) { owned[w] = owned[w] + buffered[w]; buffered[w] = 0 }

/* What the processor does by itself. */
active proctype store_buffers()
{
    byte w;
end:
    do
    :: atomic { buffered[0] > 0 -> drain(0) }
    :: atomic { WORKERS > 1 && buffered[1] > 0 -> drain(1) }
    :: atomic { WORKERS > 2 && buffered[WORKERS - 1] > 0 -> drain(WORKERS - 1) }
    od
}

/* ready_queues::empty */
inline look_at_queues(found)
{
    found = false;
    if
    :: atomic { loaded != 0 -> w = unfenced }
#ifndef M_NO_HEAVY_FENCE
        if
        :: w != 0 -> d_step { for (w : 0 .. WORKERS - 1) { drain(w) } }
        :: else
        fi;
#endif
        w = 0;
        do
        :: w < WORKERS -> found = found || kept[w] > 0 || owned[w] > 0; w++
        :: else -> break
        od;
        w = 0
    :: else
    fi;
    if
    :: !found -> lock(); found = (injected != 0); unlock()
    :: else
    fi
}

/* A read-modify-write, so what was buffered before is seen. */
inline enter(me_, as)
{
#ifdef M_NOT_COUNTED
    skip
#else
#ifdef M_COUNTED_AS_FENCED
    if
    :: counted[me_] == 0 -> atomic { drain(me_); counted[me_] = FENCED; loaded++ }
#else
    if
    :: counted[me_] < as -> atomic {
            drain(me_);
            loaded = loaded + (counted[me_] == 0 -> 1 : 0);
            unfenced = unfenced + (as == UNFENCED -> 1 : 0);
            counted[me_] = as
        }
#endif
    :: else
    fi
#endif
}

inline leave(me_)
{
    if
    :: counted[me_] != 0 -> atomic {
            drain(me_);
            loaded--;
            unfenced = unfenced - (counted[me_] == UNFENCED -> 1 : 0);
            counted[me_] = 0
        }
    :: else
    fi
}

/* kept_batch::put */
inline put(me_)
{
    enter(me_, FENCED);
#ifdef M_BATCH_HAS_NO_FENCE
    atomic { buffered[me_] = buffered[me_] + hands; hands = 0 }
#else
    atomic { kept[me_] = kept[me_] + hands; hands = 0 }
#endif
}

/* thread_pool_core::pass_on, after this worker ceased to look */
inline pass_on()
{
#ifdef M_NOBODY_PASSES_ON
    skip
#else
    if
    :: sleeping > 0 && looking == 0 ->
        look_at_queues(waits);
        if
        :: waits -> choose_one()
        :: else
        fi
    :: else
    fi
#endif
}

inline close_if_drained()
{
    atomic {  /* under the mutex; the counts, then the queues, then the counts again */
        if
        :: closing && !closed && sleeping == WORKERS - ended -> waits = true
        :: else -> waits = false
        fi
    }
    if
    :: waits ->
        look_at_queues(waits);
        if
        :: !waits -> atomic {
#ifndef M_COUNTS_READ_ONCE
            if
            :: sleeping == WORKERS - ended ->
#endif
                closed = true; tokens = tokens + sleeping; looking = looking + sleeping;
                sleeping = 0
#ifndef M_COUNTS_READ_ONCE
            :: else
            fi
#endif
            }
        :: else
        fi
    :: else
    fi;
    waits = false
}

inline call_close_if_drained()
{
    if
    :: closing -> close_if_drained()
    :: else
    fi
}

proctype producer()
{
    byte left = EACH;
    bool chosen;
    do
    :: left > 0 ->
#ifdef M_CHOOSE_BEFORE_PUSH
        choose_one();
#endif
        lock();
        injected++;
#ifndef M_CHOOSE_BEFORE_PUSH
        choose_one();
#endif
        unlock();
        left--
    :: else -> break
    od;
    producing--
}

proctype worker(byte self)
{
    bool me, got, chosen, waits, crowded;
    byte more, w, hands;
find:
    got = false;
    atomic {  /* take_own; the owner sees what it has buffered, and its lock keeps thieves off */
        if
        :: owned[self] + buffered[self] > 0 -> drain(self); owned[self]--; got = true
        :: owned[self] + buffered[self] == 0 && kept[self] > 0 -> kept[self]--; got = true
        :: else
        fi
    }
    if
    :: !got && injected > 0 -> lock();  /* take_injected, which puts a batch under the lock */
        if
        :: injected > 0 -> got = true;
            hands = (injected > BATCH -> BATCH : injected); injected = injected - hands; hands--
        :: else
        fi;
        if
        :: hands > 0 -> put(self)
        :: else
        fi;
        unlock()
    :: CROWD && !got && !me && injected > 0 -> crowded = true
    :: else
    fi;
    if
    :: !got -> leave(self);
        do
        :: w < WORKERS && loaded > 0 && !crowded ->  /* steal: one of a batch, or half of what was submitted,
                                          * under its lock, which has a heavy fence */
            atomic {
                if
                :: w != self && kept[w] > 0 -> kept[w]--; got = true
                :: w != self && kept[w] == 0 && owned[w] > 0 -> drain(w); got = true;
                    hands = (owned[w] + 1) / 2; owned[w] = owned[w] - hands; hands--
                :: else
                fi
            }
            if
            :: got -> break
            :: else -> w++
            fi
        :: else -> break
        od;
        w = 0;
        if
        :: hands > 0 -> enter(self, UNFENCED); atomic { buffered[self] = buffered[self] + hands; hands = 0 }
        :: else
        fi
    :: else
    fi;
    if
    :: got ->
        if
        :: me -> looking--; me = false; pass_on()
        :: else ->
#ifdef M_BATCH_TOLD_TO_NOBODY
            skip
#else
            if
            :: sleeping > 0 && looking == 0 -> pass_on()
            :: else
            fi
#endif
        fi;
        begun++;
        if
        :: atomic { NESTED > 0 && !nested_begun -> nested_begun = true }
            more = NESTED;
            do
            :: more > 0 ->
#ifdef M_CHOOSE_BEFORE_ADDED
                choose_one();
#endif
                enter(self, UNFENCED);
                buffered[self]++;
#ifndef M_CHOOSE_BEFORE_ADDED
                choose_one();
#endif
                more--
            :: else -> break
            od
        :: else
        fi;
        begun >= TOGETHER;
        finished++;
        goto find
    :: else
    fi;
    if
    :: !me && looking == 0 -> atomic { looking++; me = true; crowded = false }; goto find
    :: else
    fi;
#ifdef M_LOOK_BEFORE_ASLEEP
    look_at_queues(waits);
#endif
    atomic {
        sleeping++; looking = looking - (me -> 1 : 0); me = false;
#ifndef M_LEFT_TO_NOBODY
        crowded = crowded && looking > 0
#endif
    }
#ifndef M_LOOK_BEFORE_ASLEEP
    /* the phase, then the queues */
    call_close_if_drained();
    if
    :: atomic { crowded -> crowded = false; waits = false }
    :: else -> look_at_queues(waits)
    fi;
#endif
#ifdef M_NO_LAST_LOOK
    waits = false;
#endif
    if
    :: waits || closed ->
        atomic {
            if
#ifdef M_WAKE_SELF_WITHOUT_PLACE
            :: true -> looking++; me = true
#else
            :: sleeping > 0 -> sleeping--; looking++; me = true
            :: else
#endif
            fi
        }
        if
        :: me && closed -> goto end
        :: me -> goto find
        :: else
        fi
    :: else
    fi;
    atomic { tokens > 0 -> tokens--; me = true }
    if
    :: closed -> goto end
    :: else -> goto find
    fi;
end:
    atomic { looking--; ended++ }
}

/* Nothing comes from outside any more. */
proctype closer()
{
    bool waits;
    byte w;
    producing == 0;
#ifdef M_DRAINED_BEFORE_PHASE
    if
    :: sleeping == WORKERS && injected == 0 && loaded == 0 -> waits = true
    :: else -> waits = false
    fi;
    closing = true;
    if
    :: waits -> atomic { closed = true; tokens = tokens + sleeping; looking = looking + sleeping; sleeping = 0 }
    :: else
    fi
#else
    closing = true;
    call_close_if_drained()
#endif
}

init
{
    byte i;
    atomic {
        for (i : 1 .. PRODUCERS) { run producer() }
        for (i : 1 .. WORKERS) { run worker(i - 1) }
        run closer()
    }
    timeout;
    assert(finished == ALL);
    assert(ended == WORKERS);
    assert(sleeping == 0 && looking == 0 && tokens == 0)
}
