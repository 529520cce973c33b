// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Endings in a process pool: of a call whose time is over, of a worker that does not end by itself,
// of the pool.

#include "process_pool_fsm.hpp"

#include <algorithm>

namespace cofu::detail {

void process_pool_fsm::time_passed(time_point now) noexcept
{
    now_ = now;
    if (now >= earliest_) {
        earliest_ = worker_record::never;
        for (record_index w = 0; w < workers_.end(); ++w) {
            if (workers_.is_used(w) && workers_[w].deadline <= now)
                deadline_passed(w);
            if (w < workers_.end() && workers_.is_used(w))
                earliest_ = std::min(earliest_, workers_[w].deadline);
        }
    }
    dispatch();
}

void process_pool_fsm::set_deadline(record_index w, pool_clock::duration after) noexcept
{
    clear_deadline(w);
    if (after >= worker_record::never - now_)
        return;
    workers_[w].deadline = now_ + after;
    earliest_ = std::min(earliest_, workers_[w].deadline);
    ++deadlines_;
}

void process_pool_fsm::clear_deadline(record_index w) noexcept
{
    if (workers_[w].deadline == worker_record::never)
        return;
    workers_[w].deadline = worker_record::never;
    if (--deadlines_ == 0)
        earliest_ = worker_record::never;
}

void process_pool_fsm::deadline_passed(record_index w) noexcept
{
    auto& worker = workers_[w];
    clear_deadline(w);
    switch (worker.phase) {
    case worker_phase::booting:
        condemn(w, call_end::terminated);
        kill(w);
        boot_failed();  // now: a launcher that hangs reports no death
        break;
    case worker_phase::initializing:
        break;
    case worker_phase::ready:
        if (worker.step == ladder_step::none) {
            begin_ladder(w, call_end::timed_out);
        }
        else {
            worker.step = ladder_step::looking_again;
            actions_.push(read_channel{worker.id});
        }
        break;
    case worker_phase::closing:
        condemn(w, call_end::terminated);
        worker.step = ladder_step::asked;
        actions_.push(terminate_worker{worker.id});
        set_deadline(w, rules_.kill_grace);
        break;
    case worker_phase::condemned:
        condemn(w, call_end::lost);
        kill(w);
        break;
    case worker_phase::dead:
        conclude(w);
        break;
    }
}

// Its calls but the first are taken back before the channel is looked at. So when the first is still
// not answered then, no other one can have begun, and what follows hits nobody else.
void process_pool_fsm::begin_ladder(record_index w, call_end end) noexcept
{
    auto& worker = workers_[w];
    worker.blame = end;
    worker.step = ladder_step::looking;
    clear_deadline(w);
    place(w);
    withdraw_all(w, 1);
    actions_.push(read_channel{worker.id});
}

void process_pool_fsm::channel_read(worker_id id, time_point now) noexcept
{
    now_ = now;
    auto const w = workers_.find(id);
    if (w == no_record || workers_[w].phase != worker_phase::ready)
        return;
    auto& worker = workers_[w];
    if (worker.step == ladder_step::looking) {
        worker.step = ladder_step::asked;
        actions_.push(stop_call{id, worker.line.front().call});
        set_deadline(w, rules_.kill_grace);
    }
    else if (worker.step == ladder_step::looking_again) {
        kill(w);
    }
}

void process_pool_fsm::withdraw(record_index w, unsigned slot) noexcept
{
    auto& entry = workers_[w].line.in_slot(slot);
    entry.state = worker_line::mark::withdrawing;
    actions_.push(withdraw_call{workers_[w].id, slot, entry.call});
}

void process_pool_fsm::withdraw_all(record_index w, std::size_t from) noexcept
{
    auto& line = workers_[w].line;
    for (auto place = from; place < line.size(); ++place) {
        if (line.at(place).state == worker_line::mark::sent)
            withdraw(w, line.slot_at(place));
    }
}

// It takes no calls any more and is about to be ended.
void process_pool_fsm::condemn(record_index w, call_end blame) noexcept
{
    auto& worker = workers_[w];
    if (!worker.blame)
        worker.blame = blame;
    set_phase(w, worker_phase::condemned);
    clear_deadline(w);
}

void process_pool_fsm::kill(record_index w) noexcept
{
    workers_[w].step = ladder_step::killed;
    clear_deadline(w);
    place(w);
    actions_.push(kill_worker{workers_[w].id});
}

void process_pool_fsm::break_pool(broken_cause cause, bool kill_all) noexcept
{
    if (broken_)
        return;
    broken_ = true;
    actions_.push(pool_broken{cause});
    begin_nothing_more(call_end::broken);
    for (record_index w = 0; kill_all && w < workers_.end(); ++w) {
        if (!workers_.is_used(w) || workers_[w].phase == worker_phase::dead)
            continue;
        condemn(w, call_end::broken);
        kill(w);
    }
    check_drained();
}

// Of the calls there are, only those go on that a worker has begun.
void process_pool_fsm::begin_nothing_more(call_end end) noexcept
{
    if (phase_ >= pool_phase::closing)
        return;
    phase_ = pool_phase::closing;
    unbegun_end_ = end;
    for (record_index w = 0; w < workers_.end(); ++w) {
        if (workers_.is_used(w) && workers_[w].phase == worker_phase::ready)
            withdraw_all(w, 0);
    }
}

void process_pool_fsm::shutdown(unbegun_calls calls, time_point now) noexcept
{
    now_ = now;
    if (phase_ == pool_phase::open)
        phase_ = pool_phase::draining;
    if (calls == unbegun_calls::cancel)
        begin_nothing_more(call_end::cancelled);
    check_drained();
}

void process_pool_fsm::terminate_workers(time_point now) noexcept
{
    now_ = now;
    begin_nothing_more(call_end::terminated);
    for (record_index w = 0; w < workers_.end(); ++w) {
        if (!workers_.is_used(w) || workers_[w].phase == worker_phase::dead ||
            workers_[w].step == ladder_step::killed)
            continue;
        condemn(w, call_end::terminated);
        workers_[w].step = ladder_step::asked;
        actions_.push(terminate_worker{workers_[w].id});
        set_deadline(w, rules_.kill_grace);
    }
    check_drained();
}

void process_pool_fsm::kill_workers(time_point now) noexcept
{
    now_ = now;
    begin_nothing_more(call_end::terminated);
    for (record_index w = 0; w < workers_.end(); ++w) {
        if (!workers_.is_used(w) || workers_[w].phase == worker_phase::dead ||
            workers_[w].step == ladder_step::killed)
            continue;
        condemn(w, call_end::terminated);
        kill(w);
    }
    check_drained();
}

// Nobody will report a death any more, so nothing waits for one.
void process_pool_fsm::io_lost() noexcept
{
    if (phase_ == pool_phase::closed)
        return;
    break_pool(broken_cause::io_lost, false);
    unbegun_end_ = call_end::broken;
    for (record_index w = 0; w < workers_.end(); ++w) {
        if (!workers_.is_used(w))
            continue;
        auto& worker = workers_[w];
        if (worker.phase != worker_phase::dead)
            actions_.push(kill_worker{worker.id});
        worker.blame = call_end::broken;
        set_phase(w, worker_phase::dead);
        for (std::size_t place = 0; place < worker.line.size(); ++place) {
            auto const call = calls_.find(worker.line.at(place).call);
            if (call != no_record && worker.line.at(place).state != worker_line::mark::withdrawn)
                end_call(call, call_end::broken, w);
        }
        worker.line.clear();
        conclude(w);
    }
    check_drained();
}

// When no call is left after a shutdown, the workers are told; when they are gone, the pool is closed.
void process_pool_fsm::check_drained() noexcept
{
    if (phase_ == pool_phase::open || phase_ == pool_phase::closed || calls_.size() != 0)
        return;
    begin_nothing_more(unbegun_end_);
    for (record_index w = 0; w < workers_.end(); ++w) {
        if (workers_.is_used(w) && workers_[w].phase < worker_phase::closing)
            close(w);
    }
    if (workers_.size() == 0) {
        phase_ = pool_phase::closed;
        actions_.push(pool_closed{});
    }
}

}  // namespace cofu::detail
