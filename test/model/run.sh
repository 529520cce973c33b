#!/bin/sh
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

# Searches every scenario of the models here (no error may be found), then every mutant (the error must be found, and by the check named here).
# Usage: run.sh [OUTPUT_DIR [NAME...]]; CC chooses the compiler. Each error leaves
# OUTPUT_DIR/NAME/trail; README.md says how to read it.

set -u
models=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
out=${1:-$(mktemp -d)}
[ $# -gt 0 ] && shift
only=" $* "
mkdir -p "$out" && out=$(CDPATH='' cd -- "$out" && pwd) || exit 2
command -v spin >/dev/null || { echo 'run.sh: spin is not installed' >&2; exit 2; }
passed=0
failed=0

# name, then the processes
scenarios='
finish          WORKERS=1 DROPPERS=3
watch           WORKERS=1 WATCHERS=1 DROPPERS=1
watch_two       WORKERS=1 WATCHERS=2
watch_lasting   WORKERS=1 WATCHERS=1 DROPPERS=1 LASTING=1
watch_lasting_two WORKERS=1 WATCHERS=2 LASTING=1
stop_lasting    WORKERS=1 STOPPERS=1 WATCHERS=1 LASTING=1
context         WORKERS=1 CONTEXTS=1
close_lone_context CLOSERS=1 CONTEXTS=1
cancel_lasting  WORKERS=1 CANCELLERS=1 WATCHERS=1 LASTING=1
promise_lasting PROMISE=1 WATCHERS=1 LASTING=1
claim           WORKERS=1 CLAIMERS=1 WATCHERS=1
claim_callback  WORKERS=1 CLAIMERS=1 CALLBACKS=1
claim_context   WORKERS=1 CLAIMERS=1 CONTEXTS=1
claim_cancel    WORKERS=1 CLAIMERS=1 CANCELLERS=1 DROPPERS=1
cancel_two      WORKERS=1 CANCELLERS=2 DROPPERS=1
cancel_watch    WORKERS=1 CANCELLERS=1 WATCHERS=1
cancel_context  CANCELLERS=1 WORKERS=1 CONTEXTS=1
cancel_callback CANCELLERS=1 WORKERS=1 CALLBACKS=1
close_actions   CLOSERS=1 CONTEXTS=1 CALLBACKS=1
close_pool      CLOSERS=1 CLAIMERS=1 WATCHERS=1
close_callback  CLOSERS=1 CANCELLERS=1 CALLBACKS=1
close_context   CLOSERS=1 CONTEXTS=1 DROPPERS=1
actions         WORKERS=1 CALLBACKS=1 CONTEXTS=1
action_watch    WORKERS=1 CALLBACKS=1 WATCHERS=1
context_down    WORKERS=1 CONTEXTS=1 GATED=1 DROPPERS=1
stop            WORKERS=1 STOPPERS=1 DROPPERS=1
stop_two        WORKERS=1 STOPPERS=2
stop_watch      WORKERS=1 STOPPERS=1 WATCHERS=1
stop_callback   WORKERS=1 STOPPERS=1 CALLBACKS=1
stop_context    WORKERS=1 STOPPERS=1 CONTEXTS=1
stop_claim      WORKERS=1 CLAIMERS=1 STOPPERS=1
stop_inner      WORKERS=1 STOPPERS=1 INNER_CALL=1 DROPPERS=1
promise         PROMISE=1 CANCELLERS=1
promise_watch   PROMISE=1 WATCHERS=1
promise_stop    PROMISE=1 STOPPERS=1 DROPPERS=1
promise_callback PROMISE=1 CALLBACKS=1
promise_context PROMISE=1 CONTEXTS=1
take            WORKERS=1 TAKERS=2 DROPPERS=1
sleep_two       PRODUCERS=2 EACH=2 TOGETHER=2
sleep_three     WORKERS=3 EACH=3 TOGETHER=3
sleep_nested    NESTED=2 TOGETHER=2
sleep_nested_one NESTED=1 TOGETHER=2
sleep_many      PRODUCERS=3 EACH=2
sleep_batch     EACH=2 BATCH=2 TOGETHER=2
sleep_batches   PRODUCERS=2 EACH=2 BATCH=3 TOGETHER=2
sleep_crowd     PRODUCERS=2 EACH=2 CROWD=1 TOGETHER=2
sleep_crowd_three WORKERS=3 EACH=3 CROWD=1 TOGETHER=3
sleep_crowd_nested EACH=2 NESTED=1 BATCH=2 CROWD=1 TOGETHER=2
owned_lock      OTHERS=2
owned_lock_turns OTHERS=1 TURNS=3
shut_wait       SHUTTERS=1 EACH=2 MAX_WORKERS=1 THREADS=1
shut_grow       SHUTTERS=1 EACH=2
shut_two        SHUTTERS=2 EACH=1
shut_cancel     SHUTTERS=1 CANCEL=1 EACH=2
shut_callback   SHUTTERS=1 CANCEL=1 CALLBACK=1 MAX_WORKERS=1 THREADS=1
shut_async      SHUTTERS=0 ASYNCS=2
shut_function   SHUTTERS=1 FUNCTIONS=1 CANCEL=1 EACH=2
shut_idle       SHUTTERS=1 IDLE=1 EACH=2 MAX_WORKERS=1 THREADS=3
shut_broken     SHUTTERS=1 FAILS=1 EACH=2
shut_work       SHUTTERS=1 WORK=1 DESTROYS=1 CANCEL=1
shut_nested     SHUTTERS=1 NESTED=1 WAITS=0
shut_inside     SHUTTERS=0 INSIDE=1 EACH=2
shut_inside_two SHUTTERS=0 INSIDE=2 EACH=2
shut_inside_alone SHUTTERS=0 INSIDE=2 EACH=2 MAX_WORKERS=1 THREADS=1
shut_inside_out SHUTTERS=1 INSIDE=1
shut_inside_waits SHUTTERS=0 INSIDE=1 EACH=2 NESTED=1 WAITS=1
shut_destroy    SHUTTERS=0 INSIDE=1 DESTROYS=1 EACH=1
'

# bug, the scenario that meets it, a part of the error's text
mutants='
START_ANY_PHASE               cancel_two      final_phase
CLAIM_CLEARS_QUEUED           claim           block_freed
CANCEL_RUNNING                cancel_two      destroyed==0
SECOND_SETTER                 promise         setters_won
FAST_IGNORES_LISTED           watch           invalid
FAST_IGNORES_LOCK             watch           invalid
FAST_IGNORES_STOP             stop            interrupted
FAST_CHECKS_ONLY_INTERRUPTING stop            interrupted
ACQUIRE_IGNORES_INTERRUPTING  stop            interrupted
RELEASE_FORGETS_LISTED        watch           invalid
INTERRUPT_IN_ANY_PHASE        stop            left_call
STOP_TWICE                    stop_two        interrupt
TAKE_TWICE                    take            moved_out
DROP_IGNORES_RUNNER           watch           block_freed
DROP_IGNORES_QUEUED           claim           block_freed
FAILED_START_KEEPS_QUEUED     cancel_two      block_freed
ADD_AFTER_DONE                watch           invalid
REMOVE_WITHOUT_LOCK           watch           alive
REMOVE_WHAT_IS_NOT_LISTED     watch_lasting   block_freed
RELEASE_KEEPS_SOLE            actions         head
SOLE_IGNORES_STOP             stop_context    interrupted
SOLE_DOES_NOT_WAIT            watch_lasting   told
LIST_WITHOUT_LOCK             watch_lasting_two alive
TELL_WHAT_IS_NOT_LISTED       stop_context    alive
TELL_THEN_UNLINK              watch           alive
NEXT_AFTER_TELL               watch           alive
CALLBACK_UNDER_LOCK           action_watch    invalid
DETACHED_ACTIONS              context_down    invalid
REMOVER_DOES_NOT_WAIT         actions         told
ACTION_WITHOUT_HANDLE         actions         block_freed
SWALLOW_BEFORE_LOCK           stop_watch      interrupted
SWALLOW_WHERE_STOP_IS_SEEN    stop_watch      interrupted
RUNNER_DROPPED_EARLY          watch           256))==0
CANCEL_WITHOUT_HANDLE         cancel_two      block_freed
CANCEL_PEEKS_LISTED_ONLY      cancel_watch    invalid
STOP_DOES_NOT_WAIT_FOR_THREAD stop            stop_returned
INNER_CALL_WITHOUT_MUTEX      stop_inner      interrupted
NOT_CAUGHT_UP_AFTER_INNER_CALL stop_inner     stop_returned
PROMISE_KEEPS_RUNNER          promise         block_freed
CHOOSE_BEFORE_PUSH            sleep_two       finished
CHOOSE_BEFORE_ADDED           sleep_nested_one finished
NOT_COUNTED                   sleep_nested_one finished
NO_HEAVY_FENCE                sleep_nested    finished
BATCH_TOLD_TO_NOBODY          sleep_batch     finished
BATCH_HAS_NO_FENCE            sleep_batch     finished
COUNTED_AS_FENCED             sleep_nested    finished
OTHER_HAS_NO_FENCE            owned_lock_turns inside
OWNER_HAS_NO_FENCE            owned_lock_turns inside
OWNER_DOES_NOT_LOOK           owned_lock_turns inside
OTHER_DOES_NOT_WAIT           owned_lock_turns inside
OWNER_DOES_NOT_GIVE_WAY       owned_lock_turns invalid
NOBODY_PASSES_ON              sleep_three     finished
LOOK_BEFORE_ASLEEP            sleep_two       ended
NO_LAST_LOOK                  sleep_two       finished
LEFT_TO_NOBODY                sleep_crowd     finished
WAKE_SELF_WITHOUT_PLACE       sleep_two       sleeping
DRAINED_BEFORE_PHASE          sleep_two       ended
COUNTS_READ_ONCE              sleep_nested    finished
GROW_WHEN_CLOSED              shut_grow       gone
NOBODY_INSIDE_IS_TOLD         shut_inside_waits invalid
TOUCHED_AFTER_PUSH            shut_destroy    refs
OPEN_READ_BEFORE_LOCK         shut_wait       state[i]!=1
TELLING_NOT_COUNTED           shut_cancel     state[i]!=1
INSIDE_NOT_COUNTED            shut_inside     invalid
OPEN_STAYS                    shut_wait       late
OWN_TELLING_COUNTED           shut_callback   invalid
SECOND_DOES_NOT_JOIN          shut_two        gone
BROKEN_AFTER_TAKING           shut_broken     state[i]==4
PHASE_READ_BEFORE_ASLEEP      shut_wait       invalid
SLEEPER_DOES_NOT_CLOSE        shut_wait       invalid
IDLE_LEAVES_WITHOUT_LOOK      shut_idle       invalid
LEAVER_TELLS_NOBODY           shut_async      invalid
LEAVER_DOES_NOT_JOIN          shut_grow       gone
LAST_WORK_WITHOUT_MUTEX       shut_work       refs
'

# search NAME DEFINE...: prints the verifier's output
search()
{
    dir=$out/$1
    case $defines in
    *SHUTTERS=*) model=$models/shutdown.pml ;;
    *EACH=* | *NESTED=*) model=$models/sleep.pml ;;
    *OTHERS=*) model=$models/owned_lock.pml ;;
    *) model=$models/state_word.pml ;;
    esac
    shift
    mkdir -p "$dir" && cd "$dir" && rm -f trail ./*.trail ./*.log || return
    options=
    for define; do
        options="$options -D$define"
    done
    printf '%s\n' "$options" >defines
    # shellcheck disable=SC2086
    spin $options -a "$model" >spin.log 2>&1 &&
        "${CC:-cc}" -O0 -w -DSAFETY -DMEMLIM=1024 -o pan pan.c >cc.log 2>&1 &&
        ./pan -n -w20 -m100000 >pan.log 2>&1
    cat spin.log cc.log pan.log 2>/dev/null
    rm -f pan pan.[bchmpt]
    mv ./*.pml.trail trail 2>/dev/null
}

# report VERDICT NAME: counts and prints one line from the verifier's output
report()
{
    case $1 in
    ok) passed=$((passed + 1)) ;;
    *) failed=$((failed + 1)) ;;
    esac
    states=$(printf '%s\n' "$result" | sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p')
    seconds=$(printf '%s\n' "$result" | sed -n 's/^pan: elapsed time \([0-9.]*\).*/\1/p')
    error=$(printf '%s\n' "$result" | sed -n 's/^pan:[0-9]*: \(.*\) (at depth.*/\1/p')
    printf '%-6s %-32s %9s states %6s s  %s\n' "$1" "$2" "${states:-?}" "${seconds:-?}" "$error"
}

is_wanted()
{
    [ -n "$1" ] || return 1
    [ "$only" = "  " ] && return 0
    case $only in *" $1 "*) return 0 ;; esac
    return 1
}

defines_of()
{
    printf '%s\n' "$scenarios" | awk -v name="$1" '$1 == name { $1 = ""; print }'
}

while read -r name defines; do
    is_wanted "$name" || continue
    # shellcheck disable=SC2086
    result=$(search "$name" $defines)
    case $result in
    *'Search not completed'* | *'max search depth too small'*) report FAILED "$name" ;;
    *'errors: 0'*) report ok "$name" ;;
    *) report FAILED "$name" ;;
    esac
done <<END
$scenarios
END

while read -r bug name expected; do
    is_wanted "$bug" || continue
    defines=$(defines_of "$name")
    # shellcheck disable=SC2086
    result=$(search "M_$bug" "M_$bug" $defines)
    error=$(printf '%s\n' "$result" | grep '^pan:1:')
    case $error in
    *"$expected"*) report ok "M_$bug" ;;
    *) report FAILED "M_$bug" ;;
    esac
done <<END
$mutants
END

echo "$passed passed, $failed failed (in $out)"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
