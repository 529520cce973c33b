// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How a pool's workers fall asleep and are woken, step by step. The workers here do as those of
// thread_pool_workers.cpp, which names the same functions.

#include "stepped_calls.hpp"

#include "support/watchdog.hpp"

#include <detail/idle_workers.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <type_traits>
#include <vector>

using namespace cofu::test;

namespace {

constexpr std::size_t most_seeds = 5'000;
constexpr std::size_t most_workers = 4;

enum class deviation {
    none,
    choose_before_push,    // a producer looks for sleepers first
    look_before_asleep,    // a worker looks at the queues first
    no_last_look,          // ... or not at all
    nobody_passes_on,      // who found something leaves the rest to nobody
    booty_told_to_nobody,  // ... if it did not look for it
    left_to_nobody         // who leaves a crowd does not ask whether anybody looks
};

struct plan {
    std::size_t workers = most_workers;
    std::size_t producers = 2, each = 3;
    std::size_t most_looking = 2;  // workers, before they fall asleep
    std::size_t nested = 0;    // calls that the first one submits
    std::size_t from = 0;      // this one, and so many ...
    std::size_t together = 0;  // ... in all, and who submits, wait until these have begun
    std::size_t before_wrap = 0;  // steps of each index and counter, where not 0
    deviation differs = deviation::none;
};

template <class Atomics>
class pool_world {
    struct worker {
        basic_local_queue<Atomics> queue;
        bool looking = false;
    };

public:
    pool_world(interleaving& run, plan const& p)
        : plan_(p), calls_(p.producers * p.each + p.nested), left_(calls_.size())
    {
        start_counters();
        for (std::size_t i = 0; i < calls_.size(); ++i)
            calls_[i].number = i;
        for (std::size_t i = 0; i < p.workers; ++i)
            queues_.add(workers_[i].queue);
        calls_[0].submits = p.nested != 0;
        for (std::size_t i = 0; i < p.producers; ++i)
            run.add("producer", [this, i] { produce(i * plan_.each); });
        for (std::size_t i = 0; i < p.workers; ++i)
            run.add("worker", [this, i] { work(workers_[i]); });
    }
    ~pool_world()
    {
        entry_list rest;
        queues_.take_all(false, rest);
    }

    std::string problems() const
    {
        for (auto const& c : calls_)
            if (c.runs != 1)
                return "a call ran " + std::to_string(c.runs) + " times";
        auto const n = idle_.guess();
        return n.looking + n.sleeping == 0 ? "" : "somebody is still counted";
    }

private:
    void start_counters()
    {
        if (plan_.before_wrap == 0)
            return;
        for (auto& w : workers_)
            start_at(0 - plan_.before_wrap, w.queue);
        if constexpr (std::is_same_v<Atomics, stepped_atomics<>>)
            start_at(0 - plan_.before_wrap, queues_);
    }

    bool differs(deviation d) const { return plan_.differs == d; }

    void wake_one()
    {
        if (idle_.choose_one())
            futex_wake(idle_.tokens(), 1);
    }

    void produce(std::size_t first)
    {
        for (auto i = first; i < first + plan_.each; ++i) {
            bool wake = differs(deviation::choose_before_push) && idle_.choose_one();
            queues_.push(calls_[i], true, [&](auto const&) {
                if (!differs(deviation::choose_before_push))
                    wake = idle_.choose_one();
                return true;
            });
            if (wake)
                futex_wake(idle_.tokens(), 1);
        }
    }

    void work(worker& self)
    {
        for (;;) {
            auto* entry = queues_.take_own(self.queue);
            if (entry && self.looking)
                found(self);
            if (!entry)
                entry = find(self, self.looking ? search::thorough : search::passing);
            if (!entry)
                entry = wait_for_entry(self);
            if (!entry)
                return;
            run(self, static_cast<counted_call&>(*entry));
        }
    }

    void run(worker& self, counted_call& c)
    {
        ++c.runs;
        for (std::size_t i = 0; c.submits && i < plan_.nested; ++i) {
            auto& nested = calls_[calls_.size() - 1 - i];
            if (!queues_.try_push_local(self.queue, nested, [] { return true; }))
                queues_.push_local(self.queue, nested, admit);
            queues_.fence().light();
            wake_one();
        }
        bool const meets_others = c.number - plan_.from < plan_.together;
        if (meets_others)
            begun_.fetch_add(1);
        while ((meets_others || c.submits) && begun_.load() < plan_.together)
            interleaving::current()->pause();
        if (left_.fetch_sub(1) == 1) {
            is_closed_.store(true);
            idle_.wake_all();
        }
        if (idle_.guess().sleeping != 0 && queues_.looks_empty_for(self.queue)) {
            self.looking = true;
            idle_.look();
        }
    }

    queue_entry* find(worker& self, search how)
    {
        auto* const entry = queues_.take(self.queue, how);
        queues_.fence().light();
        if (entry && (self.looking || needs_another(idle_.load())))
            found(self);
        return entry;
    }

    void found(worker& self)
    {
        if (std::exchange(self.looking, false))
            pass_on(idle_.stop_looking());
        else if (!queues_.looks_empty() && !differs(deviation::booty_told_to_nobody))
            pass_on(idle_.guess());
    }

    static bool needs_another(auto now) { return now.sleeping != 0 && now.looking == 0; }

    void pass_on(auto now)
    {
        if (!differs(deviation::nobody_passes_on) && needs_another(now) && !queues_.empty())
            wake_one();
    }

    queue_entry* wait_for_entry(worker& self)
    {
        for (;;) {
            if (!self.looking && idle_.guess().looking < plan_.most_looking) {
                self.looking = true;
                idle_.look();
            }
            queue_entry* entry = nullptr;
            if (self.looking && (entry = find(self, search::thorough)))
                return entry;
            if (!self.queue.crowded && (entry = find(self, search::last)))
                return entry;
            if (!sleep(self))
                return nullptr;
            if ((entry = find(self, search::last)))
                return entry;
        }
    }

    bool sleep(worker& self)
    {
        bool waits = differs(deviation::look_before_asleep) && !queues_.empty();
        auto const now = idle_.fall_asleep(std::exchange(self.looking, false));
        bool const others_look = std::exchange(self.queue.crowded, false)
                                 && (now.looking != 0 || differs(deviation::left_to_nobody));
        bool const closed = is_closed_.load();
        if (!differs(deviation::look_before_asleep) && !differs(deviation::no_last_look))
            waits = !others_look && !queues_.empty();
        if ((closed || waits) && idle_.wake_self(true))
            self.looking = true;
        else
            self.looking = idle_.wait({});
        if (!is_closed_.load())
            return true;
        idle_.stop_looking();
        return false;
    }

    plan const plan_;
    std::vector<counted_call> calls_;
    worker workers_[most_workers];
    basic_ready_queues<Atomics> queues_;
    basic_idle_workers<Atomics> idle_;
    typename Atomics::template atomic<std::size_t> begun_{0}, left_;
    typename Atomics::template atomic<bool> is_closed_{false};
};

template <class Atomics = stepped_atomics<>>
std::string explore(std::size_t seeds, plan const& p)
{
    return first_problem(seeds, [&p](interleaving& run) {
        return std::make_unique<pool_world<Atomics>>(run, p);
    });
}

using without_membarrier = stepped_atomics<fault::none, false>;

constexpr plan alone{.producers = 2, .each = 4};
constexpr plan together{.producers = 1, .each = 4, .from = 1, .together = 3};
constexpr plan batches{.workers = 2, .producers = 1, .each = 4, .from = 0, .together = 2};
constexpr plan submitting{.producers = 1, .each = 1, .nested = 3, .from = 2, .together = 2};
constexpr plan robbed{.workers = 4,
                      .producers = 1,
                      .each = 1,
                      .most_looking = 1,
                      .nested = 3,
                      .from = 1,
                      .together = 3};
constexpr plan crowd{
    .workers = 3, .producers = 1, .each = 5, .most_looking = 1, .from = 2, .together = 3};
constexpr plan lone{.workers = 2, .producers = 1, .each = 1, .nested = 1, .from = 1, .together = 1};

}  // namespace

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_SUITE(interleaved_workers)

BOOST_AUTO_TEST_CASE(TPE_01_each_call_runs_once)
{
    BOOST_TEST(explore(scaled(most_seeds), alone) == "");
    BOOST_TEST(explore(scaled(most_seeds), submitting) == "");
    BOOST_TEST(explore(scaled(most_seeds), lone) == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_no_worker_sleeps_while_a_call_waits)
{
    BOOST_TEST(explore(scaled(most_seeds), together) == "");
    BOOST_TEST(explore(scaled(most_seeds), batches) == "");
    BOOST_TEST(explore(scaled(most_seeds), robbed) == "");
    BOOST_TEST(explore(scaled(most_seeds), crowd) == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_the_same_without_membarrier)
{
    BOOST_TEST(explore<without_membarrier>(scaled(most_seeds), submitting) == "");
    BOOST_TEST(explore<without_membarrier>(scaled(most_seeds), together) == "");
    BOOST_TEST(explore<without_membarrier>(scaled(most_seeds), lone) == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_each_call_runs_once_where_counters_wrap)
{
    for (std::size_t before = 1; before <= 4; ++before) {
        plan const p{.producers = 1, .each = 5, .nested = 5, .before_wrap = before};

        BOOST_TEST(explore(scaled(most_seeds / 4), p) == "");
    }
}

// What these tests must find.
BOOST_AUTO_TEST_CASE(TPE_01_faults_of_atomics_are_found)
{
    using no_heavy_fence = stepped_atomics<fault::no_heavy_fence>;
    using no_light_fence = stepped_atomics<fault::no_light_fence, false>;
    using lost_wake = stepped_atomics<fault::lost_wake>;

    BOOST_TEST(explore<no_heavy_fence>(most_seeds, lone) != "");
    BOOST_TEST(explore<no_light_fence>(most_seeds, lone) != "");
    BOOST_TEST(explore<lost_wake>(most_seeds, alone) != "");
}

BOOST_AUTO_TEST_CASE(TPE_01_a_worker_or_producer_that_does_otherwise_is_found)
{
    auto const differs = [](plan p, deviation d) {
        p.differs = d;
        return explore(8 * most_seeds, p);  // the rarest is found in one of a thousand
    };

    BOOST_TEST(differs(alone, deviation::choose_before_push) != "");
    BOOST_TEST(differs(alone, deviation::look_before_asleep) != "");
    BOOST_TEST(differs(alone, deviation::no_last_look) != "");
    BOOST_TEST(differs(together, deviation::nobody_passes_on) != "");
    BOOST_TEST(differs(robbed, deviation::booty_told_to_nobody) != "");
    BOOST_TEST(differs(crowd, deviation::left_to_nobody) != "");
}

BOOST_AUTO_TEST_SUITE_END()
