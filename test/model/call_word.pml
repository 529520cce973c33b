/* Copyright 2026 The cofu authors
 * Distributed under the Boost Software License, Version 1.0.
 * (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)
 */

/* The word and its transitions, as in cofu/detail/call_word.hpp; handles begin at bit 12 here.
 * Each M_ symbol is a deliberate bug that run.sh expects to be found.
 */

#define PENDING 0
#define RUNNING 1
#define SETTING 2
#define CANCELLED 3
#define VALUE 4
#define ERROR 5

#define LOCK 8
#define LISTED 16
#define QUEUED 32
#define RUNNER 64
#define STOP 128
#define INTERRUPTING 256
#define INTERRUPTED 512
#define TAKEN 1024
#define SOLE 2048
#define HANDLE 4096

#define phase(x) ((x) & 7)
#define with_phase(x, p) (((x) & ~7) | (p))
#define is_done(x) (phase(x) >= CANCELLED)
#define is_unreferenced(x) ((x) < HANDLE && ((x) & (QUEUED | RUNNER)) == 0)

#ifdef M_START_ANY_PHASE
#define can_start(x) (phase(x) == PENDING || phase(x) == CANCELLED)
#else
#define can_start(x) (phase(x) == PENDING)
#endif
#define started(x) ((with_phase(x, RUNNING) | RUNNER) & ~QUEUED)

#define can_claim(x) (phase(x) == PENDING)
#ifdef M_CLAIM_CLEARS_QUEUED
#define claimed(x) started(x)
#else
#define claimed(x) (with_phase(x, RUNNING) | RUNNER)
#endif

#ifdef M_CANCEL_RUNNING
#define can_cancel(x) (phase(x) == PENDING || phase(x) == RUNNING)
#else
#define can_cancel(x) (phase(x) == PENDING)
#endif

#define can_begin_running(x) (phase(x) == PENDING)
#ifdef M_SECOND_SETTER
#define can_begin_setting(x) (!is_done(x))
#else
#define can_begin_setting(x) (phase(x) == PENDING || phase(x) == RUNNING)
#endif

#if defined(M_FAST_IGNORES_LISTED)
#define FAST_REFUSED (LOCK | STOP | INTERRUPTING)
#elif defined(M_FAST_IGNORES_LOCK)
#define FAST_REFUSED (LISTED | STOP | INTERRUPTING)
#elif defined(M_FAST_IGNORES_STOP)
#define FAST_REFUSED (LOCK | LISTED)
#elif defined(M_FAST_CHECKS_ONLY_INTERRUPTING)
#define FAST_REFUSED (LOCK | LISTED | INTERRUPTING)
#else
#define FAST_REFUSED (LOCK | LISTED | STOP | INTERRUPTING)
#endif
#define can_finish_at_once(x) (((x) & FAST_REFUSED) == 0)

#ifdef M_SOLE_IGNORES_STOP
#define SOLE_SEEN (LOCK | LISTED | SOLE | INTERRUPTING)
#else
#define SOLE_SEEN (LOCK | LISTED | SOLE | STOP | INTERRUPTING)
#endif
#define can_finish_sole(x) (((x) & SOLE_SEEN) == (LISTED | SOLE))
#ifdef M_LIST_WITHOUT_LOCK
#define can_list_sole(x) (!is_done(x) && ((x) & LISTED) == 0)
#else
#define can_list_sole(x) (!is_done(x) && ((x) & (LOCK | LISTED)) == 0 && (x) / HANDLE == 1)
#endif

#ifdef M_ACQUIRE_IGNORES_INTERRUPTING
#define can_acquire(x) (((x) & LOCK) == 0)
#else
#define can_acquire(x) (((x) & (LOCK | INTERRUPTING)) == 0)
#endif

#ifdef M_RELEASE_FORGETS_LISTED
#define released(x, has_waiters) ((x) & ~(LOCK | LISTED | SOLE))
#elif defined(M_RELEASE_KEEPS_SOLE)
#define released(x, has_waiters) (((x) & ~(LOCK | LISTED)) | (has_waiters -> LISTED : 0))
#else
#define released(x, has_waiters) (((x) & ~(LOCK | LISTED | SOLE)) | (has_waiters -> LISTED : 0))
#endif
#define released_sole(x) (released(x, true) | SOLE)

#define is_stoppable(x) (phase(x) == RUNNING || phase(x) == SETTING)
#ifdef M_STOP_TWICE
#define can_request_stop(x) is_stoppable(x)
#else
#define can_request_stop(x) (is_stoppable(x) && ((x) & STOP) == 0)
#endif
#ifdef M_INTERRUPT_IN_ANY_PHASE
#define can_interrupt(x) ((x) != 0)
#else
#define can_interrupt(x) is_stoppable(x)
#endif

#ifdef M_TAKE_TWICE
#define can_take(x) (phase(x) == VALUE)
#else
#define can_take(x) (phase(x) == VALUE && ((x) & TAKEN) == 0)
#endif

#if defined(M_DROP_IGNORES_RUNNER)
#define is_last_handle(x) (phase(x) >= VALUE && ((x) & ~(7 | RUNNER)) == HANDLE)
#elif defined(M_DROP_IGNORES_QUEUED)
#define is_last_handle(x) (phase(x) >= VALUE && ((x) & ~(7 | QUEUED)) == HANDLE)
#else
#define is_last_handle(x) ((x) == (VALUE | HANDLE) || (x) == (ERROR | HANDLE))
#endif
