// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Random lives of a process pool: callers, processes and the shell move in any order, processes die
// at any moment. Whatever happened, each call ends once, nothing is left, and the pool closes.

#include "pool_world.hpp"
#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

using namespace cofu::test;

namespace {

process_pool_rules random_rules(rng& random)
{
    process_pool_rules rules;
    rules.max_workers = 1 + random.below(4);
    rules.max_tasks_per_child = random.once_in(3) ? 1 + random.below(4) : 0;
    rules.initializer = random.once_in(4);
    rules.break_on_crash = random.once_in(8);
    rules.boot_failures = random.once_in(4) ? random.below(3) : 100;
    rules.kill_grace = random.once_in(6) ? 0s : 5s;
    return rules;
}

class random_life {
public:
    explicit random_life(std::uint64_t seed) : random_(seed), world_(random_rules(random_))
    {
        is_kind_ = random_.once_in(3);  // nothing goes wrong by itself
    }

    std::string problems()
    {
        auto const steps = 10 + random_.below(120);
        for (std::size_t i = 0; i < steps; ++i)
            step();
        settle();
        world_.shutdown(random_.once_in(2) ? unbegun_calls::cancel : unbegun_calls::run);
        settle();
        judge();
        return world_.problems();
    }

private:
    void step()
    {
        switch (random_.below(24)) {
        case 0:
        case 1:
        case 2:
        case 3:
            submit();
            break;
        case 4:
            with_call([this](call_id id) { world_.cancel(id); });
            break;
        case 5:
            with_call([this](call_id id) { random_.once_in(3) && world_.request_stop(id); });
            break;
        case 6:
            world_.pass(std::chrono::milliseconds(random_.below(200)));
            break;
        case 7:
            pass_to_deadline();
            break;
        case 8:
            if (random_.once_in(40))
                end_of_the_pool();
            break;
        default:
            with_worker([this](worker_id id) { step_of(id); });
            break;
        }
    }

    void submit()
    {
        if (world_.pool.phase() != pool_phase::open)
            return;
        call_facts facts;
        if (random_.once_in(3))
            facts.timeout = std::chrono::milliseconds(1 + random_.below(500));
        facts.retries = random_.once_in(3) ? random_.below(3) : 0;
        world_.submit(facts);
    }

    template <class F>
    void with_call(F f)
    {
        if (!world_.order.empty())
            f(world_.order[random_.below(world_.order.size())]);
    }

    template <class F>
    void with_worker(F f)
    {
        std::vector<worker_id> there;
        for (auto const& [id, w] : world_.workers)
            if (!w.forgotten)
                there.push_back(id);
        if (!there.empty())
            f(there[random_.below(there.size())]);
    }

    void pass_to_deadline()
    {
        if (auto const next = world_.pool.next_deadline(); next && *next > world_.now)
            world_.pass(*next - world_.now);
        else
            world_.pass(0s);
    }

    void end_of_the_pool()
    {
        switch (random_.below(5)) {
        case 0:
            world_.terminate();
            break;
        case 1:
            world_.kill_all();
            break;
        case 2:
            world_.shutdown(unbegun_calls::cancel);
            break;
        case 3:
            world_.shutdown();
            break;
        case 4:
            world_.lose_io();
            break;
        }
    }

    // One step of a process, or of what the shell sees of it.
    void step_of(worker_id id)
    {
        auto& w = world_.workers[id];
        switch (w.is) {
        case model_worker::life::asked_for:
            if (!is_kind_ && random_.once_in(10))
                world_.report_failed_start(id);
            else
                world_.create(id);
            break;
        case model_worker::life::alive:
            step_of_living(id, w);
            break;
        case model_worker::life::dead:
            notice(id, w);
            break;
        case model_worker::life::never_was:
            break;
        }
    }

    void step_of_living(worker_id id, model_worker& w)
    {
        if (!w.reported_start && random_.once_in(2)) {
            world_.report_start(id);
            return;
        }
        if (random_.once_in(3)) {
            world_.read_one(id);
            return;
        }
        if (!is_kind_ && random_.once_in(30)) {
            misbehave(id, w);
            return;
        }
        if (w.frozen)
            return;
        if (!w.said_ready)
            world_.say_ready(id);
        else if (w.running == 0)
            world_.take(id);
        else if (!w.hung_up)
            world_.answer(id, random_.once_in(w.running == initializer_call ? 20 : 4)
                                  ? message::kind::exception
                                  : message::kind::value);
    }

    void misbehave(worker_id id, model_worker& w)
    {
        switch (random_.below(8)) {
        case 0:
            w.frozen = true;
            break;
        case 1:
            w.ignores_term = true;
            break;
        case 2:
            world_.hang_up(id);
            break;
        case 3:
            w.to_parent.push_back({message::kind::rubbish});
            break;
        case 4:
            w.to_parent.push_back({message::kind::answer_to_nobody});
            break;
        case 5:
            if (w.said_ready)
                w.to_parent.push_back({message::kind::ready});
            break;
        default:
            world_.die(id);
            break;
        }
    }

    void notice(worker_id id, model_worker& w)
    {
        switch (random_.below(4)) {
        case 0:
            world_.read_one(id);
            break;
        case 1:
            if (!w.reported_start)
                world_.report_start(id);
            break;
        case 2:
            world_.notice_death(id);
            break;
        case 3:
            if (w.reported_start && random_.once_in(2))
                world_.report_status(id);
            break;
        }
    }

    // Everything that is on its way arrives; what is frozen without a time limit thaws.
    void settle()
    {
        is_kind_ = true;
        for (int round = 0; round < 20000 && is_busy(); ++round) {
            std::vector<worker_id> there;
            for (auto const& [id, w] : world_.workers)
                if (!w.forgotten)
                    there.push_back(id);
            for (auto id : there) {
                auto& w = world_.workers[id];
                if (w.frozen && random_.once_in(50)) {
                    w.frozen = false;
                    if (w.term_pending && !w.ignores_term)
                        world_.die(id, {exit_status::kind::signalled, 15});
                }
                step_of(id);
            }
            if (random_.once_in(20))
                pass_to_deadline();
        }
    }

    bool is_busy()
    {
        return world_.pool.calls() != 0
               || (world_.pool.phase() >= pool_phase::draining && !world_.is_closed);
    }

    void judge()
    {
        world_.expect(world_.is_closed, "not closed");
        world_.expect(world_.alive() == 0, "a process is left");
        world_.expect(world_.pool.workers() == 0, "a worker is left");
        world_.expect(!world_.pool.next_deadline(), "a deadline is left");
        for (auto const& [id, call] : world_.calls)
            world_.expect(call.ended, "a call did not end");
        for (auto const& [id, w] : world_.workers)
            world_.expect(w.forgotten, "a worker was not forgotten");
    }

    rng random_;
    pool_world world_;
    bool is_kind_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_call_ends_once_and_the_pool_closes)
{
    auto const first = seed();
    for (std::size_t i = 0; i < scaled(10000); ++i) {
        auto const problems = random_life(first + i).problems();
        BOOST_REQUIRE_MESSAGE(problems.empty(), "COFU_TEST_SEED=" << first + i << ": " << problems);
    }
}
