// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/stepped_atomics.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

using namespace cofu::test;

namespace {

constexpr std::size_t seeds = 500;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto release = std::memory_order_release;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto seq_cst = std::memory_order_seq_cst;

// Two threads that write each their own and read the other's.
template <class Atomics>
struct crossing {
    crossing(interleaving& run, std::memory_order order, bool with_fences)
    {
        run.add("light", [this, order, with_fences] {
            x.store(1, order);
            if (with_fences)
                fence.light();
            light_saw = y.load(order);
        });
        run.add("heavy", [this, order, with_fences] {
            y.store(1, order);
            if (with_fences)
                fence.heavy();
            heavy_saw = x.load(order);
        });
    }

    std::string problems() const { return light_saw + heavy_saw == 0 ? "both were early" : ""; }

    typename Atomics::template atomic<int> x{0}, y{0};
    typename Atomics::fence fence;
    int light_saw = 0, heavy_saw = 0;
};

template <class Atomics>
std::string cross(std::memory_order order, bool with_fences)
{
    return first_problem(seeds, [=](interleaving& run) {
        return std::make_unique<crossing<Atomics>>(run, order, with_fences);
    });
}

struct message {
    message(interleaving& run, std::memory_order order)
    {
        run.add("writer", [this, order] {
            data.store(1, relaxed);
            flag.store(1, order);
        });
        run.add("reader", [this] {
            stepped_backoff pause;
            while (flag.load(acquire) == 0)
                pause();
            saw = data.load(relaxed);
        });
    }

    std::string problems() const { return saw == 1 ? "" : "the message is not there"; }

    stepped_atomic<int> data{0}, flag{0};
    int saw = 0;
};

std::string send(std::memory_order order)
{
    return first_problem(
        seeds, [=](interleaving& run) { return std::make_unique<message>(run, order); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interleaving_of_threads)

BOOST_AUTO_TEST_CASE(R1_a_store_may_be_late_unless_something_orders_it)
{
    BOOST_TEST(cross<stepped_atomics<>>(release, false) != "");
    BOOST_TEST(cross<stepped_atomics<>>(seq_cst, false) == "");
    BOOST_TEST(cross<stepped_atomics<>>(relaxed, true) == "");
    BOOST_TEST((cross<stepped_atomics<fault::none, false>>(relaxed, true)) == "");
    BOOST_TEST((cross<stepped_atomics<fault::no_heavy_fence>>(relaxed, true)) != "");
    BOOST_TEST((cross<stepped_atomics<fault::no_light_fence, false>>(relaxed, true)) != "");
}

BOOST_AUTO_TEST_CASE(R1_stores_change_places_unless_the_later_is_a_release)
{
    BOOST_TEST(send(relaxed) != "");
    BOOST_TEST(send(release) == "");
}

BOOST_AUTO_TEST_CASE(R1_who_waits_for_ever_is_found)
{
    stepped_atomic<std::uint32_t> word{0};
    interleaving run(1);
    run.add("sleeper", [&] { futex_wait(word, 0u); });

    auto const problem = run.run();

    BOOST_TEST(problem.starts_with("waits for ever: sleeper"));
}

BOOST_AUTO_TEST_CASE(R1_a_touch_of_what_is_gone_is_found)
{
    auto const problem = first_problem(seeds, [](interleaving& run) {
        struct world {
            std::string problems() const { return {}; }
            alignas(stepped_atomic<int>) char room[sizeof(stepped_atomic<int>)];
        };
        auto made = std::make_unique<world>();
        auto* const word = new (made->room) stepped_atomic<int>(0);
        run.add("one", [word] { word->store(1, relaxed); });
        run.add("other", [word] { word->~stepped_atomic<int>(); });
        return made;
    });

    BOOST_TEST(problem.find("gone") != std::string::npos, problem);
}

BOOST_AUTO_TEST_CASE(R1_a_seed_gives_the_same_run)
{
    auto const trace = [](std::uint64_t seed) {
        std::string order;
        stepped_atomic<int> word{0};
        interleaving run(seed);
        for (char name : {'a', 'b', 'c'})
            run.add(std::string(1, name), [&order, &word, name] {
                for (int i = 0; i < 10; ++i) {
                    word.fetch_add(1);
                    order += name;
                }
            });
        auto const problem = run.run();
        return problem + order;
    };

    BOOST_TEST(trace(7) == trace(7));
    BOOST_TEST(trace(8) == trace(8));
    BOOST_TEST(trace(7) != trace(9));
}

BOOST_AUTO_TEST_SUITE_END()
