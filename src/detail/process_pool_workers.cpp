// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Workers of a process pool: how each begins, and what its death means.

#include "process_pool_fsm.hpp"

namespace cofu::detail {

namespace {

bool is_booting(worker_phase phase)
{
    return phase == worker_phase::booting || phase == worker_phase::initializing;
}

// Whether it was being ended for the sake of its first call.
bool is_climbed(worker_record const& worker)
{
    return worker.step >= ladder_step::asked &&
           (worker.blame == call_end::timed_out || worker.blame == call_end::stopped);
}

// What ends each call that its worker had begun, without another attempt.
bool is_final(call_end blame)
{
    return blame == call_end::violated || blame == call_end::terminated ||
           blame == call_end::broken;
}

bool was_asked_for(worker_record const& worker)
{
    return worker.phase == worker_phase::closing || is_climbed(worker) ||
           worker.blame == call_end::terminated || worker.blame == call_end::broken;
}

}  // namespace

void process_pool_fsm::worker_started(worker_id id, int pid, time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record) {
        actions_.push(kill_worker{id});
        actions_.push(forget_worker{id});
        return;
    }
    workers_[w].pid = pid;
    if (workers_[w].step == ladder_step::killed)
        actions_.push(kill_worker{id});  // what was asked before it existed
}

void process_pool_fsm::start_failed(worker_id id, time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record || workers_[w].phase == worker_phase::dead)
        return;
    auto const wanted = !workers_[w].blame && workers_[w].phase != worker_phase::closing;
    set_phase(w, worker_phase::dead);
    workers_[w].line.clear();
    conclude(w);
    if (wanted)
        boot_failed();
    dispatch();
}

void process_pool_fsm::worker_ready(worker_id id, time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record)
        return;
    auto& worker = workers_[w];
    if (worker.phase != worker_phase::booting) {
        if (worker.has_booted || worker.phase == worker_phase::initializing)
            protocol_violated(id, now);
        return;
    }
    clear_deadline(w);
    if (!rules_.initializer) {
        become_ready(w);
        return;
    }
    set_phase(w, worker_phase::initializing);
    actions_.push(send_initializer{id, worker.line.push(initializer_call)});
}

void process_pool_fsm::become_ready(record_index w) noexcept
{
    workers_[w].has_booted = true;
    set_phase(w, worker_phase::ready);
    front_changed(w);
    dispatch();
    rebalance();
    check_drained();
}

answer_verdict process_pool_fsm::initializer_answered(record_index w, result_kind kind) noexcept
{
    auto& worker = workers_[w];
    worker.line.pop();
    if (worker.phase != worker_phase::initializing)
        return answer_verdict::initializer_done;
    if (kind == result_kind::value) {
        become_ready(w);
        return answer_verdict::initializer_done;
    }
    close(w);
    break_pool(broken_cause::initializer_failed, false);
    return answer_verdict::initializer_failed;
}

void process_pool_fsm::protocol_violated(worker_id id, time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record || workers_[w].phase == worker_phase::dead)
        return;
    condemn(w, call_end::violated);
    kill(w);
}

// Death usually follows at once, and says more than this.
void process_pool_fsm::channel_lost(worker_id id, time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record || workers_[w].phase >= worker_phase::closing)
        return;
    auto& worker = workers_[w];
    if (worker.step < ladder_step::asked) {
        worker.step = ladder_step::none;
        worker.blame.reset();
    }
    set_phase(w, worker_phase::condemned);
    set_deadline(w, rules_.status_wait);
}

void process_pool_fsm::worker_died(worker_id id, claim_snapshot const& slots,
                                   time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record || workers_[w].phase == worker_phase::dead)
        return;
    judge(w, slots);
    auto const& worker = workers_[w];
    if ((worker.line.empty() && !worker.died_booting) || worker.status)
        conclude(w);
    else
        set_deadline(w, rules_.status_wait);
    dispatch();
}

void process_pool_fsm::status_known(worker_id id, exit_status status, time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record)
        return;
    workers_[w].status = status;
    if (workers_[w].phase == worker_phase::dead) {
        conclude(w);
        dispatch();
    }
}

// What its death means for each call in its line; casualties, whose status is awaited, stay there.
void process_pool_fsm::judge(record_index w, claim_snapshot const& slots) noexcept
{
    auto& worker = workers_[w];
    auto const asked_for = was_asked_for(worker);
    set_phase(w, worker_phase::dead);
    clear_deadline(w);
    if (rules_.break_on_crash && !asked_for) {
        worker.blame = call_end::broken;
        break_pool(broken_cause::worker_died, true);
    }

    bool any_begun = false;
    for (std::size_t place = 0; place < worker.line.size(); ++place) {
        auto const slot = worker.line.slot_at(place);
        auto& entry = worker.line.in_slot(slot);
        if (entry.state == worker_line::mark::withdrawn)
            continue;
        auto const call = calls_.find(entry.call);
        auto const begun = entry.state == worker_line::mark::claimed ||
                           claim_word::has_begun(slots[slot], entry.call);
        any_begun = any_begun || begun;
        if (call == no_record || !judge_call(w, call, begun))
            entry.state = worker_line::mark::withdrawn;
    }
    worker.line.drop_withdrawn();
    if (asked_for)
        return;
    if (!worker.has_booted) {
        worker.died_booting = true;
        ++boot_deaths_;
    } else if (!any_begun) {
        restarts_.died_idle(now_);
    }
}

// Whether the call must wait for the status of its dead worker.
bool process_pool_fsm::judge_call(record_index w, record_index index, bool begun) noexcept
{
    auto& call = calls_[index];
    auto const& worker = workers_[w];
    if (is_climbed(worker) && worker.line.front().call == call.id) {
        end_call(index, *worker.blame, w);
        return false;
    }
    if (!begun) {
        put_back(index);
        return false;
    }
    if (worker.blame && is_final(*worker.blame)) {
        end_call(index, *worker.blame, w);
        return false;
    }
    if (call.retries != 0 && !call.stop_wanted && phase_ < pool_phase::closing) {
        --call.retries;
        call.retried = true;
        call.crashed_pid = worker.pid;
        put_back(index);
        return false;
    }
    if (worker.blame == call_end::lost) {
        end_call(index, call_end::lost, w);
        return false;
    }
    call.is_casualty = true;
    return true;
}

void process_pool_fsm::boot_failed() noexcept
{
    if (phase_ < pool_phase::closing && restarts_.boot_failed(now_))
        break_pool(broken_cause::boot_failures, false);
}

// All is known, or will never be.
void process_pool_fsm::conclude(record_index w) noexcept
{
    auto& worker = workers_[w];
    clear_deadline(w);
    while (!worker.line.empty()) {
        end_call(calls_.find(worker.line.front().call), call_end::crashed, w);
        worker.line.pop();
    }
    auto const died_booting = worker.died_booting;
    if (died_booting) {
        --boot_deaths_;
        actions_.push(note_boot_death{
            worker.id, worker.pid, worker.status.value_or(exit_status()),
            worker.blame == call_end::lost ? call_end::lost : call_end::crashed});
    }
    actions_.push(forget_worker{worker.id});
    --dead_;
    workers_.remove(w);
    if (died_booting)
        boot_failed();
    check_drained();
}

void process_pool_fsm::close(record_index w) noexcept
{
    set_phase(w, worker_phase::closing);
    workers_[w].step = ladder_step::none;
    set_deadline(w, rules_.kill_grace);
    actions_.push(close_worker{workers_[w].id});
}

void process_pool_fsm::set_phase(record_index w, worker_phase phase) noexcept
{
    auto& worker = workers_[w];
    booting_ -= is_booting(worker.phase);
    booting_ += is_booting(phase);
    dead_ += phase == worker_phase::dead && worker.phase != worker_phase::dead;
    worker.phase = phase;
    place(w);
}

// In the line-up stand those that could take a call, now or after what they have.
void process_pool_fsm::place(record_index w) noexcept
{
    auto const& worker = workers_[w];
    if (worker.phase == worker_phase::ready && worker.step == ladder_step::none)
        lineup_.place(w, rules_.max_tasks_per_child != 0 &&
                             worker.tasks >= rules_.max_tasks_per_child);
    else
        lineup_.remove(w);
}

}  // namespace cofu::detail
