// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A world for process_pool_fsm: a shell that obeys it at once, and processes that are values. A test
// moves the processes; the world checks what must hold whatever happens.

#include <detail/process_pool_fsm.hpp>

#include <deque>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace cofu::test {

using namespace cofu::detail;
using namespace std::chrono_literals;

struct message {
    enum class kind { call, initializer, quit, ready, value, exception, rubbish, answer_to_nobody };
    kind what;
    call_id call = 0;
    unsigned slot = 0;
};

struct model_worker {
    enum class life { asked_for, alive, dead, never_was };

    life is = life::asked_for;
    int pid = 0;
    bool reported_start = false;
    bool said_ready = false;
    bool frozen = false;  // SIGSTOP
    bool ignores_term = false;
    bool hung_up = false;  // it closed its channel
    bool hang_up_seen = false;
    bool death_seen = false;
    bool forgotten = false;
    bool term_pending = false;
    exit_status status;
    std::deque<message> to_worker;
    std::deque<message> to_parent;
    claim_snapshot page{};
    call_id stop = 0;
    call_id running = 0;
};

struct model_call {
    call_facts facts;
    int begun = 0;
    bool ended = false;
    bool cancelled = false;
    bool answered = false;        // an answer was delivered
    std::optional<call_end> end;  // without an answer
    exit_status status;
    answer_verdict verdict{};
    pool_clock::time_point front_at{};
};

class pool_world {
public:
    explicit pool_world(process_pool_rules const& rules = {}) : rules_(rules), pool(rules) {}

    // What a caller does.

    call_id submit(call_facts facts = {})
    {
        auto const id = pool.call_submitted(facts, now);
        expect(calls.count(id) == 0, "an id was used again");
        calls[id].facts = facts;
        order.push_back(id);
        obey();
        return id;
    }

    bool cancel(call_id id)
    {
        auto const place = pool.place_of(id);
        if (place.retried || place.stage == call_stage::ended || place.stage == call_stage::begun)
            return false;
        if (place.stage == call_stage::sent && !try_withdraw(place.worker, place.slot, id))
            return false;
        end(id).cancelled = true;
        pool.call_cancelled(id, now);
        obey();
        return true;
    }

    bool request_stop(call_id id)
    {
        if (cancel(id))
            return true;
        if (pool.place_of(id).stage == call_stage::ended)
            return false;
        pool.stop_requested(id, now);
        obey();
        return true;
    }

    bool is_running(call_id id)
    {
        auto const place = pool.place_of(id);
        if (place.stage == call_stage::sent && !place.retried)
            return claim_word::has_begun(workers[place.worker].page[place.slot], id);
        return place.retried || place.stage == call_stage::begun;
    }

    void shutdown(unbegun_calls unbegun = unbegun_calls::run)
    {
        pool.shutdown(unbegun, now);
        obey();
    }
    void terminate()
    {
        pool.terminate_workers(now);
        obey();
    }
    void kill_all()
    {
        pool.kill_workers(now);
        obey();
    }

    void lose_io()
    {
        is_io_lost = true;
        pool.io_lost();
        obey();
    }

    // What processes do.

    void create(worker_id id)
    {
        auto& w = workers[id];
        w.is = model_worker::life::alive;
        w.pid = ++last_pid_;
        ++alive_;
        expect(alive_ <= rules_.max_workers, "more processes than max_workers");
    }
    void say_ready(worker_id id)
    {
        workers[id].said_ready = true;
        workers[id].to_parent.push_back({message::kind::ready});
    }

    // Takes the next message; true if there was one. Begins a call that was not withdrawn.
    bool take(worker_id id)
    {
        auto& w = workers[id];
        if (w.to_worker.empty() || w.running != 0)
            return false;
        auto const m = w.to_worker.front();
        w.to_worker.pop_front();
        if (m.what == message::kind::quit) {
            die(id, {exit_status::kind::exited, 0});
            return true;
        }
        auto const claimed = claim_word::claim(w.page[m.slot], m.call);
        if (!claimed)
            return true;
        w.page[m.slot] = *claimed;
        w.running = m.call;
        if (m.what == message::kind::call)
            begin(m.call);
        return true;
    }

    void answer(worker_id id, message::kind what = message::kind::value)
    {
        auto& w = workers[id];
        w.to_parent.push_back({what, w.running});
        w.running = 0;
    }

    void die(worker_id id, exit_status how = {exit_status::kind::signalled, 11})
    {
        auto& w = workers[id];
        if (w.is != model_worker::life::alive)
            return;
        w.is = model_worker::life::dead;
        w.status = how;
        --alive_;
    }

    void hang_up(worker_id id)
    {
        auto& w = workers[id];
        w.hung_up = true;
        w.to_worker.clear();
    }

    // What the shell notices.

    void report_start(worker_id id)
    {
        workers[id].reported_start = true;
        pool.worker_started(id, workers[id].pid, now);
        obey();
    }
    void report_failed_start(worker_id id)
    {
        workers[id].is = model_worker::life::never_was;
        pool.start_failed(id, now);
        obey();
    }

    // One message, or the end of the channel; true if there was something.
    bool read_one(worker_id id)
    {
        auto& w = workers[id];
        if (w.hang_up_seen)
            return false;
        if (w.to_parent.empty()) {
            if (!w.hung_up && w.is != model_worker::life::dead)
                return false;
            w.hang_up_seen = true;
            pool.channel_lost(id, now);
            obey();
            return true;
        }
        auto const m = w.to_parent.front();
        w.to_parent.pop_front();
        receive(id, m);
        obey();
        return true;
    }

    void notice_death(worker_id id)
    {
        auto& w = workers[id];
        if (w.is != model_worker::life::dead || w.death_seen || !w.reported_start)
            return;
        while (!w.to_parent.empty() && read_one(id)) {
        }
        w.death_seen = true;
        pool.worker_died(id, w.page, now);
        obey();
    }
    void report_status(worker_id id)
    {
        pool.status_known(id, workers[id].status, now);
        obey();
    }

    // Both of a worker that died.
    void bury(worker_id id)
    {
        notice_death(id);
        report_status(id);
    }

    void pass(pool_clock::duration d)
    {
        now += d;
        if (auto const next = pool.next_deadline(); next && *next <= now)
            pool.time_passed(now);
        obey();
    }

    // Shortcuts for tests that go the straight way.

    worker_id boot()
    {
        auto const id = last_asked;
        create(id);
        report_start(id);
        say_ready(id);
        read_one(id);
        return id;
    }
    // The worker runs its next call and the pool hears of it.
    void serve(worker_id id, message::kind what = message::kind::value)
    {
        while (workers[id].running == 0 && take(id)) {
        }
        answer(id, what);
        read_one(id);
    }

    bool ended(call_id id) { return calls[id].ended; }

    std::string problems() const { return problems_.str(); }
    std::size_t alive() const { return alive_; }

private:
    process_pool_rules rules_;
    std::ostringstream problems_;
    std::size_t alive_ = 0;
    int last_pid_ = 100;

public:
    process_pool_fsm pool;
    pool_clock::time_point now{1h};
    std::map<worker_id, model_worker> workers;
    std::map<call_id, model_call> calls;
    std::vector<call_id> order;     // as submitted
    std::vector<call_id> begun;     // as begun
    std::vector<worker_id> closed;  // workers that were told to end
    std::vector<worker_id> killed;
    std::vector<call_id> stopped;  // of which calls a stop was asked
    std::vector<finish_call> finished;
    std::vector<note_boot_death> boot_deaths;
    std::optional<broken_cause> broken;
    worker_id last_asked = 0;
    std::size_t starts = 0;
    std::size_t withdrawals = 0;
    bool is_closed = false;
    bool is_io_lost = false;
    bool pages_are_honest = true;  // no worker writes what it likes into its claim page

    void expect(bool holds, char const* what)
    {
        if (!holds)
            problems_ << what << "; ";
    }

    model_call& end(call_id id)
    {
        auto& c = calls[id];
        expect(!c.ended, "a call ended twice");
        c.ended = true;
        return c;
    }

    // The shell's loop: everything that is to be done, at once.
    void obey()
    {
        while (auto const action = pool.next_action())
            std::visit([this](auto const& a) { carry_out(a); }, *action);
    }

private:
    void begin(call_id id)
    {
        auto& c = calls[id];
        begun.push_back(id);
        ++c.begun;
        auto const most = 1 + c.facts.retries;
        expect(!pages_are_honest || static_cast<std::size_t>(c.begun) <= most, "begun too often");
        expect(!pages_are_honest || !c.cancelled, "begun although cancelled");
    }

    bool try_withdraw(worker_id id, unsigned slot, call_id call)
    {
        auto const it = workers.find(id);
        if (it == workers.end() || it->second.forgotten)
            return false;
        auto const withdrawn = claim_word::withdraw(it->second.page[slot], call);
        if (withdrawn)
            it->second.page[slot] = *withdrawn;
        return withdrawn.has_value();
    }

    void receive(worker_id id, message const& m)
    {
        switch (m.what) {
        case message::kind::ready:
            pool.worker_ready(id, now);
            break;
        case message::kind::value:
        case message::kind::exception:
            receive_answer(id, m);
            break;
        case message::kind::answer_to_nobody:
            expect(pool.result_received(id, 77, result_kind::value, now)
                       == answer_verdict::rejected,
                   "an answer to nobody was taken");
            break;
        case message::kind::rubbish:
        case message::kind::call:
        case message::kind::initializer:
        case message::kind::quit:
            pool.protocol_violated(id, now);
            break;
        }
    }

    void receive_answer(worker_id id, message const& m)
    {
        auto const kind =
            m.what == message::kind::value ? result_kind::value : result_kind::exception;
        auto const verdict = pool.result_received(id, m.call, kind, now);
        if (verdict == answer_verdict::deliver || verdict == answer_verdict::timed_out) {
            auto& c = end(m.call);
            c.answered = true;
            c.verdict = verdict;
            expect(c.begun != 0, "answered without having begun");
        }
    }

    void deliver_term(model_worker& w, worker_id id)
    {
        if (w.is != model_worker::life::alive)
            return;
        w.term_pending = w.frozen;
        auto const is_stale = w.stop != 0 && w.stop != w.running;
        if (!w.frozen && !w.ignores_term && !is_stale)
            die(id, {exit_status::kind::signalled, 15});
    }

    void carry_out(start_worker const& a)
    {
        expect(workers.count(a.worker) == 0, "a worker's id was used again");
        workers[a.worker] = {};
        last_asked = a.worker;
        ++starts;
    }
    void carry_out(note_boot_death const& a)
    {
        expect(!workers[a.worker].forgotten, "told of after it was forgotten");
        boot_deaths.push_back(a);
    }
    void carry_out(send_initializer const& a) { send(a.worker, a.slot, initializer_call); }
    void carry_out(send_call const& a)
    {
        expect(!calls[a.call].ended || calls.count(a.call) == 0, "sent after its end");
        send(a.worker, a.slot, a.call);
    }
    void send(worker_id id, unsigned slot, call_id call)
    {
        auto& w = workers[id];
        expect(!w.forgotten, "sent to a forgotten worker");
        w.page[slot] = claim_word::make(call, claim_word::sent);
        if (!w.hung_up)
            w.to_worker.push_back(
                {call == initializer_call ? message::kind::initializer : message::kind::call, call,
                 slot});
    }
    void carry_out(withdraw_call const& a)
    {
        auto const in_time = try_withdraw(a.worker, a.slot, a.call);
        ++withdrawals;
        pool.call_withdrawn(a.worker, a.call, in_time, now);
    }
    void carry_out(stop_call const& a)
    {
        auto& w = workers[a.worker];
        expect(w.running == a.call || w.running == 0 || w.is != model_worker::life::alive
                   || w.to_parent.empty(),
               "stops another call");
        w.stop = a.call;
        stopped.push_back(a.call);
        deliver_term(w, a.worker);
    }
    void carry_out(read_channel const& a)
    {
        auto& w = workers[a.worker];
        while (!w.to_parent.empty()) {
            auto const m = w.to_parent.front();
            w.to_parent.pop_front();
            receive(a.worker, m);
        }
        pool.channel_read(a.worker, now);
    }
    void carry_out(close_worker const& a)
    {
        closed.push_back(a.worker);
        if (!workers[a.worker].hung_up)
            workers[a.worker].to_worker.push_back({message::kind::quit});
    }
    void carry_out(terminate_worker const& a)
    {
        workers[a.worker].stop = 0;
        deliver_term(workers[a.worker], a.worker);
    }
    void carry_out(kill_worker const& a)
    {
        auto& w = workers[a.worker];
        killed.push_back(a.worker);
        if (w.is == model_worker::life::alive)
            die(a.worker, {exit_status::kind::signalled, 9});
    }
    void carry_out(forget_worker const& a)
    {
        auto& w = workers[a.worker];
        expect(!w.forgotten, "forgotten twice");
        expect(w.is == model_worker::life::dead || w.is == model_worker::life::never_was
                   || is_io_lost,
               "forgotten while it lived");
        w.forgotten = true;
    }
    void carry_out(finish_call const& a)
    {
        auto& c = end(a.call);
        c.end = a.end;
        c.status = a.status;
        finished.push_back(a);
        expect(!pages_are_honest || a.end != call_end::cancelled || c.begun == 0,
               "cancelled after it began");
        auto const by_us = a.status.how == exit_status::kind::signalled
                           && (a.status.value == 9 || a.status.value == 15);
        expect(a.end != call_end::crashed || !by_us, "hit by a signal for another call");
    }
    void carry_out(pool_broken const& a)
    {
        expect(!broken, "broke twice");
        broken = a.cause;
    }
    void carry_out(pool_closed const&)
    {
        expect(!is_closed, "closed twice");
        is_closed = true;
    }
};

}  // namespace cofu::test
