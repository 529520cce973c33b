// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The queues of a pool, step by step: their order, and who sees what.

#include "stepped_calls.hpp"

#include "support/watchdog.hpp"

#include <detail/idle_workers.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

using namespace cofu::test;

namespace {

constexpr std::size_t most_seeds = 10'000;

// One worker, and a producer who is not told when it is there.
class line_world {
public:
    line_world(interleaving& run)
    {
        queues_.add(own_);
        for (std::size_t i = 0; i < std::size(calls_); ++i)
            calls_[i].number = i;
        run.add("producer", [this] {
            for (auto& c : calls_)
                queues_.push(c, true, admit);
        });
        run.add("worker", [this] {
            while (taken_ != std::size(calls_)) {
                if (auto* const entry = queues_.take(own_))
                    in_order_ = in_order_ && static_cast<counted_call*>(entry)->number == taken_++;
                else
                    interleaving::current()->pause();
            }
        });
    }

    std::string problems() const { return in_order_ ? "" : "one came too early"; }

private:
    using atomics = stepped_atomics<>;

    counted_call calls_[12];
    basic_local_queue<atomics> own_;
    basic_ready_queues<atomics> queues_;
    std::size_t taken_ = 0;
    bool in_order_ = true;
};

// A worker that takes a batch, and one that falls asleep meanwhile.
template <class Atomics>
class batch_world {
public:
    batch_world(interleaving& run)
    {
        queues_.add(own_);
        for (auto& c : calls_)
            queues_.push(c, true, admit);
        run.add("worker", [this] {
            queues_.take(own_);
            queues_.fence().light();
            sees_sleeper_ = idle_.load().sleeping != 0;
        });
        run.add("sleeper", [this] {
            idle_.fall_asleep(false);
            sees_batch_ = !queues_.empty();
        });
    }
    ~batch_world()
    {
        entry_list rest;
        queues_.take_all(false, rest);
    }

    std::string problems() const
    {
        return sees_sleeper_ || sees_batch_ ? "" : "they miss each other";
    }

private:
    counted_call calls_[largest_batch];
    basic_local_queue<Atomics> own_;
    basic_ready_queues<Atomics> queues_;
    basic_idle_workers<Atomics> idle_;
    bool sees_sleeper_ = false, sees_batch_ = false;
};

template <class Atomics = stepped_atomics<>>
std::string keep_batch(std::size_t seeds)
{
    return first_problem(
        seeds, [](interleaving& run) { return std::make_unique<batch_world<Atomics>>(run); });
}

// A worker puts a batch, and a thief takes from it meanwhile.
class theft_world {
public:
    theft_world(interleaving& run)
    {
        queues_.add(own_);
        for (std::size_t i = 0; i < std::size(calls_); ++i) {
            calls_[i].number = i;
            queues_.push(calls_[i], true, admit);
        }
        run.add("worker", [this] { queues_.take(own_); });
        run.add("thief", [this] {
            for (int tries = 0; tries < 4; ++tries)
                if (auto* const entry = own_.batch.steal())
                    in_order_ = in_order_ && static_cast<counted_call*>(entry)->number == ++taken_;
        });
    }
    ~theft_world()
    {
        entry_list rest;
        queues_.take_all(false, rest);
    }

    std::string problems() const { return in_order_ ? "" : "a later one was taken first"; }

private:
    using atomics = stepped_atomics<>;

    counted_call calls_[largest_batch];
    basic_local_queue<atomics> own_;
    basic_ready_queues<atomics> queues_;
    std::size_t taken_ = 0;
    bool in_order_ = true;
};

// A thief carries what a call submitted to its own queue while everything is taken out.
class robbery_world {
public:
    robbery_world(interleaving& run)
    {
        queues_.add(thief_);
        queues_.add(victim_);
        for (auto& c : calls_)
            queues_.push_local(victim_, c, admit);
        run.add("thief", [this] { begun_ = queues_.take(thief_) ? 1 : 0; });
        run.add("canceller", [this] {
            entry_list withdrawn;
            queues_.take_all(true, withdrawn);
            for (; !withdrawn.empty(); ++withdrawn_)
                withdrawn.pop_front();
        });
    }
    ~robbery_world()
    {
        entry_list rest;
        queues_.take_all(false, rest);
    }

    std::string problems() const
    {
        return begun_ + withdrawn_ == std::size(calls_) ? "" : "some were missed";
    }

private:
    using atomics = stepped_atomics<>;

    counted_call calls_[8];
    basic_local_queue<atomics> thief_, victim_;
    basic_ready_queues<atomics> queues_;
    std::size_t begun_ = 0, withdrawn_ = 0;
};

// The owner changes its newest call, without a read-modify-write, as long as a thief has not got it.
template <class Atomics = stepped_atomics<>>
class change_world {
public:
    change_world(interleaving& run)
    {
        queues_.add(owner_);
        queues_.add(thief_);
        queues_.push_local(owner_, call_, admit);
        run.add("owner", [this] {
            auto const change = [this] {
                was_taken_ = was_taken_ || taken_.load(std::memory_order_relaxed) != 0;
                word_.store(word_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
                was_taken_ = was_taken_ || taken_.load(std::memory_order_relaxed) != 0;
            };
            changed_ = owner_.change_newest(call_, change);
            if (!changed_)
                word_.fetch_add(1, std::memory_order_relaxed);
        });
        run.add("thief", [this] {
            if (!queues_.take(thief_))
                return;
            taken_.store(1, std::memory_order_relaxed);
            word_.fetch_add(2, std::memory_order_relaxed);
        });
    }
    ~change_world()
    {
        entry_list rest;
        queues_.take_all(false, rest);
    }

    std::string problems() const
    {
        if (was_taken_)
            return "it was changed when the thief had it";
        auto const both = taken_.load(std::memory_order_relaxed) != 0 ? 3u : 1u;
        return word_.load(std::memory_order_relaxed) == both ? "" : "a change was lost";
    }

private:
    template <class T>
    using atomic = typename Atomics::template atomic<T>;

    counted_call call_;
    basic_local_queue<Atomics> owner_, thief_;
    basic_ready_queues<Atomics> queues_;
    atomic<unsigned> word_{0};
    atomic<unsigned> taken_{0};
    bool changed_ = false, was_taken_ = false;
};

template <class Atomics = stepped_atomics<>>
std::string change_newest(std::size_t seeds)
{
    return first_problem(
        seeds, [](interleaving& run) { return std::make_unique<change_world<Atomics>>(run); });
}

using without_membarrier = stepped_atomics<fault::none, false>;

}  // namespace

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_SUITE(interleaved_queues)

BOOST_AUTO_TEST_CASE(TPE_06_one_worker_takes_in_order)
{
    auto const problem = first_problem(
        scaled(most_seeds), [](interleaving& run) { return std::make_unique<line_world>(run); });

    BOOST_TEST(problem == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_a_batch_is_seen_or_its_owner_sees_who_sleeps)
{
    BOOST_TEST(keep_batch(scaled(most_seeds)) == "");
    BOOST_TEST(keep_batch<without_membarrier>(scaled(most_seeds)) == "");
}

BOOST_AUTO_TEST_CASE(TPE_06_few_later_ones_overtake_a_call_where_counters_wrap)
{
    rng random;
    for (std::size_t before = 1; before < 200; before += 3) {
        ready_queues queues;
        local_queue locals[2];
        for (auto& l : locals) {
            queues.add(l);
            start_at(0 - before, l);
        }
        start_at(0 - before, queues);
        std::vector<counted_call> calls(300);
        for (std::size_t i = 0; i < calls.size(); ++i) {
            calls[i].number = i;
            queues.push(calls[i], true, admit);
        }

        std::vector<std::size_t> started;
        std::size_t most = 0;
        while (auto* const entry = queues.take(locals[random.once_in(4)])) {
            auto const n = static_cast<counted_call*>(entry)->number;
            most = std::max(most, static_cast<std::size_t>(std::ranges::count_if(
                                      started, [n](auto earlier) { return earlier > n; })));
            started.push_back(n);
        }

        BOOST_TEST(started.size() == calls.size());
        BOOST_TEST(most <= overtaking * std::size(locals));
    }
}

BOOST_AUTO_TEST_CASE(TPE_06_a_thief_takes_the_oldest_of_a_batch_that_is_being_put)
{
    auto const problem = first_problem(
        scaled(most_seeds), [](interleaving& run) { return std::make_unique<theft_world>(run); });

    BOOST_TEST(problem == "");
}

BOOST_AUTO_TEST_CASE(SHD_02_what_a_thief_carries_is_not_missed)
{
    auto const problem = first_problem(
        scaled(most_seeds), [](interleaving& run) { return std::make_unique<robbery_world>(run); });

    BOOST_TEST(problem == "");
}

BOOST_AUTO_TEST_CASE(R3_a_call_is_changed_by_its_owner_or_taken_by_a_thief)
{
    BOOST_TEST(change_newest(scaled(most_seeds)) == "");
    BOOST_TEST(change_newest<without_membarrier>(scaled(most_seeds)) == "");
}

// What these must find.
BOOST_AUTO_TEST_CASE(R3_a_thief_that_does_not_wait_for_the_owner_is_found)
{
    BOOST_TEST(change_newest<stepped_atomics<fault::no_heavy_fence>>(most_seeds) != "");
}

BOOST_AUTO_TEST_CASE(TPE_01_a_batch_that_is_put_down_late_is_found)
{
    BOOST_TEST(keep_batch<stepped_atomics<fault::late_store>>(most_seeds) != "");
}

BOOST_AUTO_TEST_SUITE_END()
