// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Calls of a process pool: which goes where, and when.

#include "process_pool_fsm.hpp"

#include <algorithm>

namespace cofu::detail {

call_id process_pool_fsm::call_submitted(call_facts const& facts, time_point now)
{
    // For each worker at most: its calls withdrawn, put back and sent, and some steps of its own.
    constexpr std::size_t actions_a_worker = 3 * claim_slots + 8;
    calls_.reserve(1);
    workers_.reserve(2);
    auto const most_workers = std::min(rules_.max_workers, workers_.size() + calls_.size() + 1);
    actions_.reserve((most_workers + 1) * actions_a_worker);

    now_ = now;
    auto const index = calls_.add();
    auto& call = calls_[index];
    call.timeout = facts.timeout;
    call.retries = static_cast<std::uint32_t>(
        std::min<std::size_t>(facts.retries, static_cast<std::uint32_t>(-1)));
    call.order = ++submitted_;
    auto const id = call.id;
    queue_.push_back(index);
    dispatch();
    return id;
}

call_place process_pool_fsm::place_of(call_id id) const noexcept
{
    auto const index = calls_.find(id);
    if (index == no_record)
        return {};
    auto const& call = calls_[index];
    if (call.is_casualty)
        return {call_stage::begun, workers_[call.worker].id, call.slot, call.retried};
    if (call.worker == no_record)
        return {call_stage::queued, 0, 0, call.retried};
    return {call_stage::sent, workers_[call.worker].id, call.slot, call.retried};
}

void process_pool_fsm::call_cancelled(call_id id, time_point now) noexcept
{
    now_ = now;
    auto const index = calls_.find(id);
    if (index == no_record || calls_[index].is_casualty)
        return;
    if (calls_[index].worker == no_record)
        queue_.remove(index);
    else
        take_from_line(index);
    drop_call(index);
    dispatch();
}

void process_pool_fsm::stop_requested(call_id id, time_point now) noexcept
{
    now_ = now;
    auto const index = calls_.find(id);
    if (index == no_record || calls_[index].is_casualty)
        return;
    auto& call = calls_[index];
    call.stop_wanted = true;
    if (call.worker == no_record) {
        queue_.remove(index);
        end_call(index, call.retried ? call_end::stopped : call_end::cancelled);
        return;
    }
    auto const& worker = workers_[call.worker];
    if (worker.phase == worker_phase::ready && worker.step == ladder_step::none &&
        worker.line.front().call == id)
        begin_ladder(call.worker, call_end::stopped);
}

answer_verdict process_pool_fsm::result_received(worker_id id, call_id call_named, result_kind kind,
                                                 time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record || workers_[w].phase == worker_phase::dead ||
        workers_[w].blame == call_end::violated)
        return answer_verdict::rejected;
    auto& worker = workers_[w];
    if (worker.line.empty() || worker.line.front().call != call_named) {
        protocol_violated(id, now);
        return answer_verdict::rejected;
    }
    if (call_named == initializer_call)
        return initializer_answered(w, kind);

    auto const late = worker.blame == call_end::timed_out && worker.step >= ladder_step::asked;
    measure(worker);
    restarts_.call_finished();
    worker.line.pop();
    front_changed(w);
    drop_call(calls_.find(call_named));
    dispatch();
    rebalance();
    return late ? answer_verdict::timed_out : answer_verdict::deliver;
}

void process_pool_fsm::call_withdrawn(worker_id id, call_id call_named, bool in_time,
                                      time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    auto const index = calls_.find(call_named);
    if (w == no_record || index == no_record || calls_[index].worker != w ||
        workers_[w].phase == worker_phase::dead)
        return;
    if (in_time) {
        take_from_line(index);
        put_back(index);
        dispatch();
    }
    else {
        workers_[w].line.in_slot(calls_[index].slot).state = worker_line::mark::claimed;
    }
    rebalance();
}

// Nobody hears of it from here.
void process_pool_fsm::drop_call(record_index call) noexcept
{
    calls_.remove(call);
    check_drained();
}

void process_pool_fsm::end_call(record_index call, call_end end, record_index worker) noexcept
{
    finish_call finish{calls_[call].id, end, 0, 0, {}};
    if (worker != no_record) {
        finish.worker = workers_[worker].id;
        finish.pid = workers_[worker].pid;
        finish.status = workers_[worker].status.value_or(exit_status{});
    }
    else {
        finish.pid = calls_[call].crashed_pid;
    }
    actions_.push(finish);
    drop_call(call);
}

// It will not be begun on its worker.
void process_pool_fsm::take_from_line(record_index index) noexcept
{
    auto& call = calls_[index];
    auto const w = call.worker;
    auto& worker = workers_[w];
    auto const was_front = worker.line.front_slot() == call.slot;
    worker.line.withdraw(call.slot);
    --worker.tasks;
    call.worker = no_record;
    if (was_front)
        front_changed(w);
    else
        place(w);
}

void process_pool_fsm::put_back(record_index call) noexcept
{
    calls_[call].worker = no_record;
    queue_.put_back(call);
}

// Each queued call goes to an idle worker; else a worker is started for it; else, when there are
// all, it is sent ahead to a busy one.
void process_pool_fsm::dispatch() noexcept
{
    while (phase_ < pool_phase::closing && !queue_.empty()) {
        if (lineup_.idle() != 0)
            send_next(lineup_.least_loaded(1));
        else if (queue_.size() <= booting_)
            break;
        else if (may_start())
            start_one();
        else if (booting_ != 0)
            break;  // sent ahead now, it would begin after those behind it
        else if (auto const worker = lineup_.least_loaded(depth()); worker != no_record)
            send_next(worker);
        else
            break;
    }
}

// Without room for a record some worker's status is awaited, and its end comes here again; so it
// does of one that died before it was ready, which is counted when it is known why.
bool process_pool_fsm::may_start() const noexcept
{
    return boot_deaths_ == 0 && workers() < rules_.max_workers && workers_.has_room() && restarts_.may_start(now_);
}

void process_pool_fsm::start_one() noexcept
{
    auto const worker = workers_.add();
    ++booting_;
    set_deadline(worker, rules_.boot_limit);
    actions_.push(start_worker{workers_[worker].id});
}

void process_pool_fsm::send_next(record_index w) noexcept
{
    auto const index = queue_.front();
    queue_.remove(index);
    auto& call = calls_[index];
    auto& worker = workers_[w];
    auto const is_first = worker.line.empty();
    call.worker = w;
    call.slot = static_cast<std::uint8_t>(worker.line.push(call.id));
    ++worker.tasks;
    actions_.push(send_call{worker.id, call.slot, call.id});
    if (is_first)
        front_changed(w);
    else
        place(w);
}

// Another call, or none, is now the first in the worker's line: its time begins.
void process_pool_fsm::front_changed(record_index w) noexcept
{
    auto& worker = workers_[w];
    if (worker.phase != worker_phase::ready || worker.step == ladder_step::killed)
        return;
    worker.step = ladder_step::none;
    worker.blame.reset();
    worker.front_since = now_;
    clear_deadline(w);
    place(w);
    if (worker.line.empty()) {
        if (rules_.max_tasks_per_child != 0 && worker.tasks >= rules_.max_tasks_per_child)
            close(w);
        return;
    }
    auto const& call = calls_[calls_.find(worker.line.front().call)];
    if (call.stop_wanted)
        begin_ladder(w, call_end::stopped);
    else
        set_deadline(w, call.timeout);
}

// An idle worker relieves one that has calls waiting behind its first.
void process_pool_fsm::rebalance() noexcept
{
    if (phase_ >= pool_phase::closing || !queue_.empty() || lineup_.idle() == 0)
        return;
    auto const waiting = lineup_.find_waiting();
    if (waiting.worker != no_record)
        withdraw(waiting.worker, waiting.slot);
}

// As many as fill 200 us, so that a worker does not sleep between short calls.
std::size_t process_pool_fsm::depth() const noexcept
{
    constexpr pool_clock::duration ahead = std::chrono::microseconds(200);
    if (mean_ < pool_clock::duration::zero())
        return 2;
    auto const fitting = ahead / std::max(mean_, pool_clock::duration(1));
    return std::clamp<std::size_t>(static_cast<std::size_t>(fitting) + 1, 2, claim_slots);
}

void process_pool_fsm::measure(worker_record const& worker) noexcept
{
    auto const took = now_ - worker.front_since;
    mean_ = mean_ < pool_clock::duration::zero() ? took : mean_ + (took - mean_) / 8;
}

}  // namespace cofu::detail
