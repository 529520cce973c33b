/* Copyright 2026 The cofu authors
 * Distributed under the Boost Software License, Version 1.0.
 * (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)
 */

/* owned_lock.hpp: an owner whose stores are buffered, and others who have a heavy fence. */

#ifndef OTHERS
#define OTHERS 2
#endif
#ifndef TURNS
#define TURNS 2
#endif

/* as in memory, and stores of the owner that only the owner sees; 2: none is on its way */
bool mine, theirs;
byte buffered = 2;
byte inside;

inline drain() { mine = (buffered == 2 -> mine : buffered); buffered = 2 }

active proctype store_buffer()
{
end:
    do
    :: atomic { buffered != 2 -> drain() }
    od
}

/* The buffer holds one store: the one before goes to memory first. */
inline store_mine(to) { atomic { drain(); buffered = to } }

active proctype owner()
{
    byte turns = TURNS;
    do
    :: turns > 0 ->
#ifdef M_OWNER_HAS_NO_FENCE
        /* the load before the store */
        if
        :: theirs -> store_mine(1); goto give_way
        :: else -> store_mine(1)
        fi;
#else
        store_mine(1);
again:
#ifndef M_OWNER_DOES_NOT_LOOK
        if
        :: theirs -> goto give_way
        :: else
        fi;
#endif
#endif
hold:
        inside++;
        assert(inside == 1);
        inside--;
        store_mine(0);
        turns--
    :: else -> break
    od;
    goto over;
give_way:
#ifndef M_OWNER_DOES_NOT_GIVE_WAY
    store_mine(0);
#endif
    !theirs;
    store_mine(1);
#ifdef M_OWNER_HAS_NO_FENCE
    goto hold;
#else
    goto again;
#endif
over:
    skip
}

active [OTHERS] proctype other()
{
    atomic { !theirs -> theirs = true }
#ifndef M_OTHER_HAS_NO_FENCE
    atomic { drain() }
#endif
#ifndef M_OTHER_DOES_NOT_WAIT
    !mine;
#endif
    inside++;
    assert(inside == 1);
    inside--;
    theirs = false
}
