// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The decisions of a process pool, rule by rule. process_pool_fsm_random.cpp tries the rest.

#include "pool_world.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>

namespace cofu::detail {

std::ostream& operator<<(std::ostream& out, call_end end)
{
    return out << "call_end " << static_cast<int>(end);
}
std::ostream& operator<<(std::ostream& out, broken_cause cause)
{
    return out << "broken_cause " << static_cast<int>(cause);
}

}  // namespace cofu::detail

using namespace cofu::test;

namespace {

struct world : pool_world {
    using pool_world::pool_world;
    ~world() { BOOST_TEST(problems() == ""); }

    bool got_answer(call_id id) { return calls[id].ended && calls[id].answered; }
    bool ended_as(call_id id, call_end end) { return calls[id].ended && calls[id].end == end; }
};

process_pool_rules with_workers(std::size_t n)
{
    process_pool_rules rules;
    rules.max_workers = n;
    return rules;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(process_pool_fsm_rules)

BOOST_AUTO_TEST_CASE(PPE_01_no_process_before_the_first_call)
{
    world w(with_workers(4));
    BOOST_TEST(w.starts == 0u);

    w.submit();
    BOOST_TEST(w.starts == 1u);
}

BOOST_AUTO_TEST_CASE(PPE_01_one_worker_a_call_while_none_is_idle_up_to_max)
{
    world w(with_workers(2));
    for (int i = 0; i < 5; ++i)
        w.submit();
    BOOST_TEST(w.starts == 2u);
}

BOOST_AUTO_TEST_CASE(PPE_01_an_idle_worker_is_used_again)
{
    world w(with_workers(4));
    w.submit();
    auto const a = w.boot();
    w.serve(a);

    auto const second = w.submit();
    w.serve(a);

    BOOST_TEST(w.starts == 1u);
    BOOST_TEST(w.got_answer(second));
}

BOOST_AUTO_TEST_CASE(calls_are_sent_ahead_only_when_no_worker_can_be_had)
{
    world w(with_workers(2));
    w.submit();
    auto const b = w.last_asked;
    w.submit();
    auto const a = w.boot();
    BOOST_TEST(w.workers[a].to_worker.size() == 1u);  // the other call has a worker on its way

    w.submit();
    BOOST_TEST(w.workers[a].to_worker.size() == 1u);  // it would begin after what the other takes
    w.last_asked = b;
    w.boot();
    BOOST_TEST(w.workers[a].to_worker.size() + w.workers[b].to_worker.size() == 3u);
}

BOOST_AUTO_TEST_CASE(two_calls_are_at_a_worker_while_their_cost_is_unknown)
{
    world w(with_workers(1));
    for (int i = 0; i < 20; ++i)
        w.submit();
    auto const a = w.boot();
    BOOST_TEST(w.workers[a].to_worker.size() == 2u);
}

BOOST_AUTO_TEST_CASE(up_to_sixteen_short_calls_are_at_a_worker)
{
    world w(with_workers(1));
    for (int i = 0; i < 40; ++i)
        w.submit();
    auto const a = w.boot();
    for (int i = 0; i < 10; ++i)
        w.serve(a);
    BOOST_TEST(w.workers[a].to_worker.size() == 16u);
}

BOOST_AUTO_TEST_CASE(long_calls_are_not_piled_up)
{
    world w(with_workers(1));
    for (int i = 0; i < 40; ++i)
        w.submit();
    auto const a = w.boot();
    for (int i = 0; i < 10; ++i) {
        w.now += 1s;
        w.serve(a);
    }
    BOOST_TEST(w.workers[a].to_worker.size() == 2u);
}

BOOST_AUTO_TEST_CASE(calls_begin_as_submitted)
{
    world w(with_workers(1));
    for (int i = 0; i < 30; ++i)
        w.submit();
    auto const a = w.boot();
    for (int i = 0; i < 30; ++i)
        w.serve(a);
    BOOST_TEST(w.begun == w.order, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(calls_that_come_back_keep_their_place)
{
    world w(with_workers(2));
    for (int i = 0; i < 8; ++i)
        w.submit();
    auto const b = w.boot();
    auto const a = w.workers.begin()->first;
    w.create(a);
    w.report_start(a);
    w.say_ready(a);
    w.read_one(a);
    for (auto id : {b, a}) {
        w.die(id);
        w.bury(id);
    }

    while (w.pool.calls() != 0) {
        w.pass(1s);
        auto const c = w.last_asked;
        if (w.workers[c].is == model_worker::life::asked_for)
            w.boot();
        w.serve(c);
    }

    BOOST_TEST(w.begun == w.order, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_idle_worker_relieves_a_busy_one)
{
    world w(with_workers(2));
    auto const quick = w.submit();
    auto const a = w.boot();
    w.submit();
    auto const b = w.boot();
    auto const behind = w.submit();
    BOOST_TEST(w.pool.place_of(behind).worker == b);  // the last used, of two with one call each

    w.serve(a);  // b does not get on

    BOOST_TEST(w.got_answer(quick));
    BOOST_TEST(w.pool.place_of(behind).worker == a);
    w.serve(a);
    BOOST_TEST(w.got_answer(behind));
}

BOOST_AUTO_TEST_CASE(FUT_02_a_queued_call_can_be_cancelled)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit();
    BOOST_TEST(w.cancel(second));

    auto const a = w.boot();
    w.serve(a);

    BOOST_TEST(w.got_answer(first));
    BOOST_TEST(!w.take(a));
}

BOOST_AUTO_TEST_CASE(FUT_04_a_call_sent_ahead_can_be_cancelled_until_it_is_claimed)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit();
    auto const a = w.boot();
    w.take(a);
    BOOST_TEST(w.is_running(first));
    BOOST_TEST(!w.is_running(second));

    BOOST_TEST(!w.cancel(first));
    BOOST_TEST(w.cancel(second));

    w.serve(a);
    BOOST_TEST(w.take(a));  // the frame of the second, which is skipped
    BOOST_TEST(w.workers[a].running == 0u);
}

BOOST_AUTO_TEST_CASE(PPE_05_a_death_costs_only_the_claimed_call)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit();
    auto const a = w.boot();
    w.take(a);

    w.die(a);
    w.bury(a);

    BOOST_TEST(w.ended_as(first, call_end::crashed));
    BOOST_TEST(w.calls[first].status.value == 11);
    BOOST_TEST(w.finished.front().pid == w.workers[a].pid);
    BOOST_TEST(w.starts == 2u);
    w.serve(w.boot());
    BOOST_TEST(w.got_answer(second));
}

BOOST_AUTO_TEST_CASE(PPE_05_a_result_written_before_death_is_delivered)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const a = w.boot();
    w.take(a);
    w.answer(a);

    w.die(a);
    w.bury(a);

    BOOST_TEST(w.got_answer(first));
}

BOOST_AUTO_TEST_CASE(PPE_05_no_replacement_without_a_call_that_needs_it)
{
    world w(with_workers(1));
    w.submit();
    auto const a = w.boot();
    w.take(a);

    w.die(a);
    w.bury(a);

    BOOST_TEST(w.starts == 1u);
}

BOOST_AUTO_TEST_CASE(PPE_05_a_status_that_does_not_come_is_unknown_after_100_ms)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const a = w.boot();
    w.take(a);
    w.die(a);
    w.notice_death(a);
    w.pass(99ms);
    BOOST_TEST(!w.ended(first));

    w.pass(1ms);

    BOOST_TEST(w.ended_as(first, call_end::crashed));
    BOOST_TEST((w.calls[first].status.how == exit_status::kind::unknown));
}

BOOST_AUTO_TEST_CASE(PPE_05_a_status_may_come_before_the_death_is_noticed)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const a = w.boot();
    w.take(a);
    w.die(a, {exit_status::kind::exited, 7});
    w.report_status(a);

    w.notice_death(a);

    BOOST_TEST(w.calls[first].status.value == 7);
}

BOOST_AUTO_TEST_CASE(PPE_05_break_pool_ends_every_call)
{
    auto rules = with_workers(1);
    rules.break_on_crash = true;
    world w(rules);
    for (int i = 0; i < 4; ++i)
        w.submit();
    auto const a = w.boot();
    w.take(a);

    w.die(a);
    w.bury(a);

    BOOST_TEST(w.broken.value() == broken_cause::worker_died);
    for (auto id : w.order)
        BOOST_TEST(w.ended_as(id, call_end::broken));
    BOOST_TEST(w.starts == 1u);
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_06_a_crashed_call_is_begun_again_as_often_as_allowed)
{
    world w(with_workers(1));
    auto const call = w.submit({.retries = 2});
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(!w.ended(call));
        auto const a = w.boot();
        w.take(a);
        w.die(a);
        w.bury(a);
    }
    BOOST_TEST(w.ended_as(call, call_end::crashed));
    BOOST_TEST(w.calls[call].begun == 3);
}

BOOST_AUTO_TEST_CASE(PPE_06_what_was_never_claimed_moves_without_a_retry)
{
    world w(with_workers(1));
    auto const call = w.submit({.retries = 1});
    for (int i = 0; i < 3; ++i) {
        auto const a = w.boot();
        w.die(a);
        w.bury(a);
        w.pass(1s);
    }
    auto const a = w.boot();
    w.take(a);
    w.die(a);
    w.bury(a);
    w.serve(w.boot());
    BOOST_TEST(w.got_answer(call));
}

BOOST_AUTO_TEST_CASE(PPE_06_a_call_that_was_begun_is_running_until_it_ends)
{
    world w(with_workers(1));
    auto const call = w.submit({.retries = 1});
    auto const a = w.boot();
    w.take(a);
    w.die(a);
    w.bury(a);

    BOOST_TEST(w.is_running(call));
    BOOST_TEST(!w.cancel(call));
}

BOOST_AUTO_TEST_CASE(PPE_06_a_stop_takes_the_retries_away)
{
    world w(with_workers(1));
    auto const call = w.submit({.retries = 5});
    auto const a = w.boot();
    w.take(a);
    w.die(a);
    w.bury(a);

    BOOST_TEST(w.request_stop(call));

    BOOST_TEST(w.ended_as(call, call_end::stopped));
}

BOOST_AUTO_TEST_CASE(PPE_06_a_call_that_was_to_stop_is_not_begun_again)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit({.retries = 5});
    auto const a = w.boot();
    w.take(a);
    w.answer(a);
    w.take(a);
    w.request_stop(second);  // the answer before it is not read yet

    w.die(a);
    w.bury(a);

    BOOST_TEST(w.got_answer(first));
    BOOST_TEST(w.ended(second));
    BOOST_TEST(w.calls[second].begun == 1);
}

BOOST_AUTO_TEST_CASE(PPE_06_too_many_boot_failures_break_the_pool)
{
    world w(with_workers(1));
    auto const call = w.submit();
    for (int i = 0; i < 4; ++i) {
        BOOST_TEST(!w.broken.has_value());
        w.report_failed_start(w.last_asked);
    }
    BOOST_TEST(w.broken.value() == broken_cause::boot_failures);
    BOOST_TEST(w.ended_as(call, call_end::broken));
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_06_deaths_before_ready_are_boot_failures)
{
    world w(with_workers(1));
    w.submit();
    for (int i = 0; i < 4; ++i) {
        auto const a = w.last_asked;
        w.create(a);
        w.report_start(a);
        w.die(a);
        w.bury(a);
    }
    BOOST_TEST(w.broken.value() == broken_cause::boot_failures);
}

BOOST_AUTO_TEST_CASE(PPE_10_how_the_last_boot_failed_is_told_before_the_pool_breaks)
{
    world w(with_workers(1));
    auto const call = w.submit();
    for (int i = 0; i < 4; ++i) {
        auto const a = w.last_asked;
        w.create(a);
        w.report_start(a);
        w.die(a, {exit_status::kind::exited, 7});
        w.notice_death(a);
        BOOST_TEST(w.starts == static_cast<std::size_t>(i + 1));
        BOOST_TEST(!w.ended(call));
        w.report_status(a);
        BOOST_TEST(w.boot_deaths.size() == static_cast<std::size_t>(i + 1));
        BOOST_TEST(w.boot_deaths.back().status.value == 7);
    }
    BOOST_TEST(w.broken.value() == broken_cause::boot_failures);
    BOOST_TEST(w.ended_as(call, call_end::broken));
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_06_a_boot_failure_whose_status_never_comes_counts)
{
    world w(with_workers(1));
    w.submit();
    for (int i = 0; i < 4; ++i) {
        auto const a = w.last_asked;
        w.create(a);
        w.report_start(a);
        w.die(a);
        w.notice_death(a);
        w.pass(1s);
    }
    BOOST_TEST(w.broken.value() == broken_cause::boot_failures);
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_06_boot_failures_far_apart_do_not_count)
{
    world w(with_workers(1));
    w.submit();
    for (int i = 0; i < 40; ++i) {
        w.report_failed_start(w.last_asked);
        w.pass(2s);
    }
    BOOST_TEST(!w.broken.has_value());
}

BOOST_AUTO_TEST_CASE(PPE_06_a_finished_call_makes_boot_failures_forgotten)
{
    world w(with_workers(2));
    w.submit();
    auto const a = w.boot();
    w.take(a);
    w.submit();
    for (int i = 0; i < 3; ++i)
        w.report_failed_start(w.last_asked);
    w.answer(a);
    w.read_one(a);
    w.take(a);
    w.submit();
    w.report_failed_start(w.last_asked);
    BOOST_TEST(!w.broken.has_value());
}

BOOST_AUTO_TEST_CASE(PPE_06_deaths_in_a_call_never_count)
{
    world w(with_workers(1));
    for (int i = 0; i < 50; ++i) {
        w.submit();
        auto const a = w.boot();
        w.take(a);
        w.die(a);
        w.bury(a);
    }
    BOOST_TEST(!w.broken.has_value());
    BOOST_TEST(w.starts == 50u);
}

BOOST_AUTO_TEST_CASE(PPE_06_idle_deaths_back_off_from_the_third_in_a_row)
{
    world w(with_workers(1));
    w.submit();
    for (int i = 0; i < 2; ++i) {
        auto const a = w.boot();
        w.die(a);
        w.bury(a);
    }
    BOOST_TEST(w.starts == 3u);
    for (auto wait : {10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1000ms, 1000ms}) {
        auto const before = w.starts;
        auto const a = w.boot();
        w.die(a);
        w.bury(a);
        w.pass(wait - 1ms);
        BOOST_TEST(w.starts == before);
        BOOST_TEST((w.pool.next_deadline().value() == w.now + 1ms));
        w.pass(1ms);
        BOOST_TEST(w.starts == before + 1);
    }
}

BOOST_AUTO_TEST_CASE(PPE_07_a_call_that_takes_too_long_is_stopped_then_killed)
{
    world w(with_workers(1));
    auto const call = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.workers[a].ignores_term = true;
    w.take(a);
    w.pass(999ms);
    BOOST_TEST(w.stopped.empty());

    w.pass(1ms);
    BOOST_TEST(w.stopped.size() == 1u);
    w.pass(5s - 1ms);
    BOOST_TEST(w.killed.empty());
    w.pass(1ms);
    BOOST_TEST(w.killed.size() == 1u);

    w.bury(a);
    BOOST_TEST(w.ended_as(call, call_end::timed_out));
}

BOOST_AUTO_TEST_CASE(PPE_07_the_time_begins_when_the_call_is_first_in_line)
{
    world w(with_workers(1));
    w.submit();
    auto const second = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.take(a);
    w.pass(10s);
    BOOST_TEST(w.stopped.empty());
    w.serve(a);

    w.pass(1s);

    BOOST_TEST(w.stopped == std::vector{second}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(PPE_07_the_time_begins_when_the_call_before_was_cancelled)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.workers[a].ignores_term = true;
    w.pass(10s);
    BOOST_TEST(w.cancel(first));

    w.pass(1s);

    BOOST_TEST(w.stopped == std::vector{second}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(PPE_07_it_runs_whether_the_call_was_claimed_or_not)
{
    world w(with_workers(1));
    auto const call = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.workers[a].frozen = true;  // and it does not take its call

    w.pass(1s);
    w.pass(5s);
    w.bury(a);

    BOOST_TEST(w.ended_as(call, call_end::timed_out));
}

BOOST_AUTO_TEST_CASE(PPE_07_a_result_in_the_channel_wins)
{
    world w(with_workers(1));
    auto const call = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.take(a);
    w.answer(a);

    w.pass(2s);

    BOOST_TEST(w.got_answer(call));
    BOOST_TEST((w.calls[call].verdict == answer_verdict::deliver));
    BOOST_TEST(w.stopped.empty());
}

BOOST_AUTO_TEST_CASE(PPE_07_an_answer_after_the_stop_is_a_timeout_and_the_worker_lives)
{
    world w(with_workers(1));
    auto const call = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.workers[a].ignores_term = true;
    w.take(a);
    w.pass(1s);
    w.answer(a);
    w.read_one(a);
    BOOST_TEST((w.calls[call].verdict == answer_verdict::timed_out));

    w.pass(1h);
    auto const next = w.submit();
    w.serve(a);
    BOOST_TEST(w.got_answer(next));
    BOOST_TEST(w.killed.empty());
}

BOOST_AUTO_TEST_CASE(PPE_07_siblings_are_untouched)
{
    world w(with_workers(1));
    w.submit({.timeout = 1s});
    auto const sibling = w.submit();
    auto const a = w.boot();
    w.take(a);

    w.pass(1s);  // dies by SIGTERM
    BOOST_TEST((w.pool.place_of(sibling).stage == call_stage::queued));
    w.bury(a);

    w.serve(w.boot());
    BOOST_TEST(w.got_answer(sibling));
}

BOOST_AUTO_TEST_CASE(PPE_07_a_channel_that_ends_by_the_stop_changes_nothing)
{
    world w(with_workers(1));
    auto const call = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.take(a);
    w.pass(1s);

    w.read_one(a);
    w.bury(a);

    BOOST_TEST(w.ended_as(call, call_end::timed_out));
}

BOOST_AUTO_TEST_CASE(a_worker_without_a_channel_takes_no_calls_whatever_becomes_of_its_first)
{
    world w(with_workers(1));
    auto const first = w.submit({.timeout = 1s});
    auto const a = w.boot();
    w.workers[a].frozen = true;  // before it claims its call
    w.pass(1s);
    w.hang_up(a);
    w.read_one(a);

    BOOST_TEST(w.cancel(first));
    auto const second = w.submit();
    w.pass(100ms);
    w.bury(a);

    w.serve(w.boot());
    BOOST_TEST(w.got_answer(second));
}

BOOST_AUTO_TEST_CASE(PPE_08_a_worker_ends_after_its_number_of_calls_and_is_replaced)
{
    auto rules = with_workers(1);
    rules.max_tasks_per_child = 3;
    world w(rules);
    for (int i = 0; i < 7; ++i)
        w.submit();
    w.shutdown();
    for (int i = 0; i < 7;) {
        auto const a = w.boot();
        for (int n = 0; n < 3 && i < 7; ++n, ++i)
            w.serve(a);
        BOOST_TEST(w.closed.back() == a);
        w.take(a);
        w.bury(a);
    }
    BOOST_TEST(w.starts == 3u);
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_10_the_initializer_runs_before_the_first_call)
{
    auto rules = with_workers(1);
    rules.initializer = true;
    world w(rules);
    auto const call = w.submit();
    auto const a = w.boot();
    BOOST_TEST(w.workers[a].to_worker.size() == 1u);
    w.serve(a);
    BOOST_TEST(!w.ended(call));

    w.serve(a);

    BOOST_TEST(w.got_answer(call));
}

BOOST_AUTO_TEST_CASE(PPE_10_a_failing_initializer_breaks_the_pool)
{
    auto rules = with_workers(1);
    rules.initializer = true;
    world w(rules);
    auto const call = w.submit();
    auto const a = w.boot();

    w.serve(a, message::kind::exception);

    BOOST_TEST(w.broken.value() == broken_cause::initializer_failed);
    BOOST_TEST(w.ended_as(call, call_end::broken));
    BOOST_TEST(w.starts == 1u);
}

BOOST_AUTO_TEST_CASE(PPE_10_running_calls_finish_when_another_workers_initializer_fails)
{
    auto rules = with_workers(2);
    rules.initializer = true;
    world w(rules);
    auto const first = w.submit();
    auto const a = w.boot();
    w.serve(a);
    w.take(a);
    w.submit();
    auto const b = w.boot();
    w.serve(b, message::kind::exception);
    BOOST_TEST(!w.ended(first));

    w.answer(a);
    w.read_one(a);

    BOOST_TEST(w.got_answer(first));
}

BOOST_AUTO_TEST_CASE(PPE_13_terminate_ends_all_and_kills_what_does_not_go)
{
    world w(with_workers(2));
    for (int i = 0; i < 6; ++i)
        w.submit();
    auto const b = w.boot();
    w.workers[b].ignores_term = true;
    w.take(b);

    w.terminate();
    BOOST_TEST(w.finished.size() == 5u);
    w.pass(5s);
    w.bury(b);
    auto const a = w.workers.begin()->first;  // its start was still under way
    w.create(a);
    w.report_start(a);
    w.bury(a);

    for (auto id : w.order)
        BOOST_TEST(w.ended_as(id, call_end::terminated));
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_13_kill_is_immediate)
{
    world w(with_workers(1));
    auto const call = w.submit();
    auto const a = w.boot();
    w.take(a);

    w.kill_all();
    w.bury(a);

    BOOST_TEST(w.ended_as(call, call_end::terminated));
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_17_a_protocol_breaker_is_killed_and_only_its_claimed_call_fails)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit();
    auto const a = w.boot();
    w.take(a);
    w.workers[a].to_parent.push_back({message::kind::rubbish});
    w.read_one(a);
    BOOST_TEST(w.killed.size() == 1u);
    w.bury(a);

    BOOST_TEST(w.ended_as(first, call_end::violated));
    w.serve(w.boot());
    BOOST_TEST(w.got_answer(second));
}

BOOST_AUTO_TEST_CASE(PPE_17_an_answer_must_be_that_of_the_first_call)
{
    world w(with_workers(1));
    w.submit();
    auto const second = w.submit();
    auto const a = w.boot();
    w.take(a);

    auto const verdict = w.pool.result_received(a, second, result_kind::value, w.now);

    BOOST_TEST((verdict == answer_verdict::rejected));
}

BOOST_AUTO_TEST_CASE(a_worker_that_closes_its_channel_and_lives_is_killed)
{
    world w(with_workers(1));
    auto const call = w.submit();
    auto const a = w.boot();
    w.take(a);
    w.hang_up(a);
    w.read_one(a);
    BOOST_TEST(w.killed.empty());

    w.pass(100ms);
    w.bury(a);

    BOOST_TEST(w.killed.size() == 1u);
    BOOST_TEST(w.ended_as(call, call_end::lost));
}

BOOST_AUTO_TEST_CASE(a_closed_channel_is_how_most_deaths_begin)
{
    world w(with_workers(1));
    auto const call = w.submit();
    auto const a = w.boot();
    w.take(a);
    w.die(a);
    w.read_one(a);
    w.bury(a);

    BOOST_TEST(w.killed.empty());
    BOOST_TEST(w.ended_as(call, call_end::crashed));
}

BOOST_AUTO_TEST_CASE(a_worker_that_does_not_become_ready_is_killed)
{
    world w(with_workers(1));
    w.submit();
    auto const a = w.last_asked;
    w.create(a);
    w.report_start(a);

    w.pass(30s);
    w.bury(a);

    BOOST_TEST(w.killed.size() == 1u);
    BOOST_TEST(w.starts == 2u);
}

BOOST_AUTO_TEST_CASE(FUT_13_a_stop_ends_its_own_call_only)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit();
    auto const a = w.boot();
    w.take(a);

    BOOST_TEST(w.request_stop(first));
    w.bury(a);

    BOOST_TEST(w.ended_as(first, call_end::stopped));
    w.serve(w.boot());
    BOOST_TEST(w.got_answer(second));
}

BOOST_AUTO_TEST_CASE(FUT_13_a_stopped_call_keeps_its_result)
{
    world w(with_workers(1));
    auto const call = w.submit();
    auto const a = w.boot();
    w.workers[a].ignores_term = true;
    w.take(a);
    w.request_stop(call);

    w.answer(a);
    w.read_one(a);

    BOOST_TEST((w.calls[call].verdict == answer_verdict::deliver));
}

BOOST_AUTO_TEST_CASE(FUT_13_a_call_claimed_behind_an_unread_answer_is_stopped_when_that_is_read)
{
    world w(with_workers(1));
    auto const first = w.submit();
    auto const second = w.submit();
    auto const a = w.boot();
    w.workers[a].ignores_term = true;
    w.take(a);
    w.answer(a);
    w.take(a);
    w.request_stop(second);
    BOOST_TEST(w.stopped.empty());

    w.read_one(a);

    BOOST_TEST(w.got_answer(first));
    BOOST_TEST(w.stopped == std::vector{second}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(SHD_01_a_shutdown_runs_what_was_submitted_then_ends_the_workers)
{
    world w(with_workers(1));
    for (int i = 0; i < 5; ++i)
        w.submit();
    w.shutdown();
    auto const a = w.boot();
    for (int i = 0; i < 5; ++i)
        w.serve(a);
    BOOST_TEST(w.closed.size() == 1u);
    BOOST_TEST(!w.is_closed);

    w.take(a);
    w.bury(a);

    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(SHD_01_an_unused_pool_is_closed_at_once)
{
    world w(with_workers(1));
    w.shutdown();
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(SHD_02_a_cancelling_shutdown_cancels_what_has_not_begun)
{
    world w(with_workers(1));
    auto const first = w.submit();
    for (int i = 0; i < 5; ++i)
        w.submit();
    auto const a = w.boot();
    w.take(a);

    w.shutdown(unbegun_calls::cancel);
    BOOST_TEST(w.finished.size() == 5u);
    w.answer(a);
    w.read_one(a);

    BOOST_TEST(w.got_answer(first));
    for (auto const& f : w.finished)
        BOOST_TEST(f.end == call_end::cancelled);
}

BOOST_AUTO_TEST_CASE(a_worker_that_does_not_end_after_quit_is_ended)
{
    world w(with_workers(1));
    w.submit();
    auto const a = w.boot();
    w.serve(a);
    w.workers[a].ignores_term = true;
    w.shutdown();

    w.pass(5s);
    w.pass(5s);
    w.bury(a);

    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(PPE_16_a_lost_context_ends_every_call)
{
    world w(with_workers(2));
    for (int i = 0; i < 5; ++i)
        w.submit();
    auto const a = w.boot();
    w.take(a);

    w.lose_io();
    w.shutdown();

    for (auto id : w.order)
        BOOST_TEST(w.ended_as(id, call_end::broken));
    BOOST_TEST(w.killed.size() == 2u);
    BOOST_TEST(w.is_closed);
}

BOOST_AUTO_TEST_CASE(no_timer_is_needed_when_nothing_runs)
{
    world w(with_workers(1));
    BOOST_TEST(!w.pool.next_deadline().has_value());
    w.submit({.timeout = 1s});
    auto const a = w.boot();
    BOOST_TEST(w.pool.next_deadline().has_value());

    w.serve(a);

    BOOST_TEST(!w.pool.next_deadline().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
