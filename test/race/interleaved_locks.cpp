// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The locks of the queues and the word that a thread waits at, step by step.

#include "support/stepped_atomics.hpp"
#include "support/watchdog.hpp"

#include <cofu/detail/biased_lock.hpp>
#include <cofu/detail/owned_lock.hpp>

#include <detail/parking.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <mutex>
#include <optional>

using namespace cofu::test;
using namespace cofu::detail;

namespace {

constexpr std::size_t most_seeds = 20'000;

// What a lock guards: who is inside lets others go on meanwhile.
class section {
public:
    void pass()
    {
        auto& run = *interleaving::current();
        if (std::exchange(is_taken_, true))
            run.fail("two are inside");
        run.step("inside");
        ++passes_;
        is_taken_ = false;
    }
    std::size_t passes() const { return passes_; }

private:
    bool is_taken_ = false;
    std::size_t passes_ = 0;
};

template <class Atomics>
struct short_lock_world {
    explicit short_lock_world(interleaving& run)
    {
        for (auto name : {"a", "b", "c"})
            run.add(name, [this] {
                for (int i = 0; i < 3; ++i) {
                    if (i == 1 || !lock.try_lock_soon())
                        lock.lock();
                    std::lock_guard const guard(lock, std::adopt_lock);
                    guarded.pass();
                }
            });
    }
    std::string problems() const { return guarded.passes() == 9 ? "" : "a pass is lost"; }

    basic_short_lock<Atomics> lock;
    section guarded;
};

template <class Atomics>
struct owned_lock_world {
    explicit owned_lock_world(interleaving& run)
    {
        run.add("owner", [this] {
            for (int i = 0; i < 4; ++i) {
                own_guard const guard(lock);
                guarded.pass();
            }
        });
        for (auto name : {"thief", "second thief"})
            run.add(name, [this] {
                for (int i = 0; i < 2; ++i) {
                    std::lock_guard const guard(lock);
                    guarded.pass();
                }
            });
    }
    std::string problems() const { return guarded.passes() == 8 ? "" : "a pass is lost"; }

    basic_owned_lock<Atomics> lock;
    section guarded;
};

// Two claim it, and a third only takes it.
template <class Atomics>
struct biased_lock_world {
    explicit biased_lock_world(interleaving& run)
    {
        for (auto const& me : threads)
            run.add(me.name, [this, &me] {
                for (int i = 0; i < 3; ++i) {
                    if (me.claims)
                        lock.claim(&me);
                    typename basic_biased_lock<Atomics>::guard const guard(lock, &me);
                    guarded.pass();
                }
            });
    }
    std::string problems() const { return guarded.passes() == 9 ? "" : "a pass is lost"; }

    struct thread {
        char const* name;
        bool claims;
    };
    thread const threads[3] = {{"owner", true}, {"second", true}, {"third", false}};
    basic_biased_lock<Atomics> lock;
    section guarded;
};

// The waiter's word goes when it was told.
template <class Atomics>
struct parking_world {
    explicit parking_world(interleaving& run)
    {
        word.emplace();
        run.add("waiter", [this] {
            word->park({});
            saw = written;
            word.reset();
        });
        run.add("teller", [this] {
            written = 1;
            word->unpark();
        });
    }
    std::string problems() const { return saw == 1 ? "" : "it was not told"; }

    std::optional<basic_parking_word<Atomics>> word;
    int written = 0, saw = 0;
};

template <class World>
std::string explore(std::size_t seeds)
{
    return first_problem(seeds, [](interleaving& run) { return std::make_unique<World>(run); });
}

}  // namespace

BOOST_TEST_DECORATOR(*time_limit(60))
BOOST_AUTO_TEST_SUITE(interleaved_locks)

BOOST_AUTO_TEST_CASE(R1_one_at_a_time_holds_a_short_lock)
{
    BOOST_TEST(explore<short_lock_world<stepped_atomics<>>>(scaled(most_seeds)) == "");
}

BOOST_AUTO_TEST_CASE(R1_one_at_a_time_holds_an_owned_lock)
{
    BOOST_TEST(explore<owned_lock_world<stepped_atomics<>>>(scaled(most_seeds)) == "");
}

BOOST_AUTO_TEST_CASE(R1_one_at_a_time_holds_an_owned_lock_without_membarrier)
{
    using atomics = stepped_atomics<fault::none, false>;

    BOOST_TEST(explore<owned_lock_world<atomics>>(scaled(most_seeds)) == "");
}

BOOST_AUTO_TEST_CASE(R1_one_at_a_time_holds_a_biased_lock)
{
    BOOST_TEST(explore<biased_lock_world<stepped_atomics<>>>(scaled(most_seeds)) == "");
}

BOOST_AUTO_TEST_CASE(R1_one_at_a_time_holds_a_biased_lock_without_membarrier)
{
    using atomics = stepped_atomics<fault::none, false>;

    BOOST_TEST(explore<biased_lock_world<atomics>>(scaled(most_seeds)) == "");
}

BOOST_AUTO_TEST_CASE(R1_who_parks_is_told_and_not_touched_afterwards)
{
    BOOST_TEST(explore<parking_world<stepped_atomics<>>>(scaled(most_seeds)) == "");
}

// What these tests must find.
BOOST_AUTO_TEST_CASE(R1_faults_of_locks_are_found)
{
    using torn = stepped_atomics<fault::torn_exchange>;
    using no_heavy_fence = stepped_atomics<fault::no_heavy_fence>;
    using no_light_fence = stepped_atomics<fault::no_light_fence, false>;
    using lost_wake = stepped_atomics<fault::lost_wake>;

    BOOST_TEST(explore<short_lock_world<torn>>(most_seeds) != "");
    BOOST_TEST(explore<owned_lock_world<no_heavy_fence>>(most_seeds) != "");
    BOOST_TEST(explore<owned_lock_world<no_light_fence>>(most_seeds) != "");
    BOOST_TEST(explore<biased_lock_world<no_heavy_fence>>(most_seeds) != "");
    BOOST_TEST(explore<biased_lock_world<no_light_fence>>(most_seeds) != "");
    BOOST_TEST(explore<parking_world<lost_wake>>(most_seeds) != "");
}

BOOST_AUTO_TEST_SUITE_END()
