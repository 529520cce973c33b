// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/ready_queues.hpp>

#include "numbered_entry.hpp"
#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

using namespace cofu::detail;

namespace {

// Two workers, and entries that are numbered as they are made.
struct fixture {
    fixture()
    {
        queues.add(first);
        queues.add(second);
    }
    ~fixture()
    {
        entry_list rest;
        queues.take_all(false, rest);
    }

    static constexpr auto admit = [](auto const&) { return true; };

    numbered_entry& make(bool is_call = true)
    {
        made.push_back(std::make_unique<numbered_entry>(static_cast<int>(made.size()), is_call));
        return *made.back();
    }
    void push(int n = 1)
    {
        while (n-- > 0)
            queues.push(make(), true, admit);
    }
    void push_local(std::size_t worker, int n = 1)
    {
        while (n-- > 0)
            queues.push_local(*all[worker], make(), admit);
    }
    int take(std::size_t worker)
    {
        auto* const e = queues.take(*all[worker]);
        return e ? static_cast<numbered_entry*>(e)->number : -1;
    }
    std::vector<int> take_many(std::size_t worker, int n)
    {
        std::vector<int> got;
        while (n-- > 0)
            got.push_back(take(worker));
        return got;
    }

    std::vector<std::unique_ptr<numbered_entry>> made;
    local_queue first, second;
    std::vector<local_queue*> all{&first, &second};
    ready_queues queues;
};

using numbers = std::vector<int>;

std::size_t count(entry_list& entries)
{
    std::size_t n = 0;
    for (; !entries.empty(); ++n)
        entries.pop_front();
    return n;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ready_queues_order, fixture)

BOOST_AUTO_TEST_CASE(TPE_06_what_comes_from_outside_is_taken_in_order)
{
    push(4);

    BOOST_TEST(take_many(0, 2) == (numbers{0, 1}), boost::test_tools::per_element());
    BOOST_TEST(take_many(1, 3) == (numbers{2, 3, -1}), boost::test_tools::per_element());
    BOOST_TEST(queues.empty());
}

BOOST_AUTO_TEST_CASE(what_came_after_all_before_it_was_taken_is_fresh)
{
    push_local(0);
    BOOST_TEST(queues.fresh() == 0u);
    push(3);
    BOOST_TEST(queues.fresh() == 3u);

    take(1);
    push(2);
    BOOST_TEST(queues.fresh() == 0u);

    take_many(1, 2);
    BOOST_TEST(queues.fresh() == 2u);
}

BOOST_AUTO_TEST_CASE(TPE_06_a_batch_is_taken_oldest_first_by_its_owner_and_by_a_thief)
{
    push(8);

    BOOST_TEST(take_many(0, 2) == (numbers{0, 1}), boost::test_tools::per_element());
    BOOST_TEST(take_many(1, 5) == (numbers{4, 5, 6, 7, 2}), boost::test_tools::per_element());
    BOOST_TEST(take_many(0, 2) == (numbers{3, -1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(TPE_06_a_batch_whose_owner_is_busy_is_helped_out)
{
    push(1'000);
    take(0);

    auto const got = take_many(1, 100);

    for (int waiting : {1, 2, 3}) {
        auto const found = std::ranges::find(got, waiting);
        auto const overtook = std::count_if(got.begin(), found, [&](int n) { return n > waiting; });
        BOOST_TEST(overtook <= static_cast<std::ptrdiff_t>(overtaking * all.size()));
    }
}

BOOST_AUTO_TEST_CASE(TPE_06_few_later_ones_overtake_a_call)
{
    cofu::test::rng random;
    push(1'000);

    std::size_t most = 0;
    numbers started;
    for (int n; (n = take(random.below(4) == 0)) >= 0;) {
        most = std::max(most, static_cast<std::size_t>(std::ranges::count_if(
                                  started, [n](int earlier) { return earlier > n; })));
        started.push_back(n);
    }

    BOOST_TEST(started.size() == 1'000u);
    BOOST_TEST(most > 0u);
    BOOST_TEST(most <= overtaking * all.size());
}

BOOST_AUTO_TEST_CASE(TPE_06_a_workers_own_are_taken_newest_first_and_before_others)
{
    push();
    push_local(0, 3);

    BOOST_TEST(take_many(0, 4) == (numbers{3, 2, 1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(TPE_06_a_thief_takes_the_oldest)
{
    push_local(0, 3);

    BOOST_TEST(take_many(1, 4) == (numbers{0, 1, 2, -1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(TPE_06_a_thief_looks_at_the_others_last)
{
    push_local(0);
    push();
    push_local(1);

    BOOST_TEST(take_many(1, 3) == (numbers{2, 1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(TPE_06_the_oldest_local_entry_does_not_starve)
{
    push_local(0);

    numbers got;
    for (int i = 0; i < 64; ++i) {
        push_local(0);
        got.push_back(take(0));
    }

    BOOST_TEST(std::ranges::count(got, 0) == 1);
}

BOOST_AUTO_TEST_CASE(TPE_06_what_comes_from_outside_does_not_starve_in_a_pool_of_one)
{
    push();

    numbers got;
    for (int i = 0; i < 64; ++i) {
        push_local(0);
        got.push_back(take(0));
    }

    BOOST_TEST(std::ranges::count(got, 0) == 1);
}

BOOST_AUTO_TEST_CASE(SHD_02_taking_the_calls_leaves_the_functions_in_order)
{
    queues.push(make(true), true, admit);
    queues.push(make(false), true, admit);
    queues.push_local(first, make(true), admit);
    queues.push_local(second, make(true), admit);

    entry_list calls;
    queues.take_all(true, calls);

    BOOST_TEST(count(calls) == 3u);
    BOOST_TEST(queues.size() == 1u);
    BOOST_TEST(take_many(0, 2) == (numbers{1, -1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(SHD_02_more_functions_than_a_queue_has_places_for_stay_in_order)
{
    int const many = 3 * static_cast<int>(entry_queue::room);
    for (int i = 0; i < many; ++i)
        queues.push(make(false), false, admit);

    entry_list calls;
    queues.take_all(true, calls);

    BOOST_TEST(calls.empty());
    bool in_order = true;
    for (int i = 0; i < many; ++i)
        in_order = take(0) == i && in_order;
    BOOST_TEST(in_order);
    BOOST_TEST(queues.empty());
}

BOOST_AUTO_TEST_CASE(SHD_02_functions_of_a_batch_come_before_others)
{
    queues.push(make(true), true, admit);
    for (bool is_call : {true, false, false, true, false})
        queues.push(make(is_call), is_call, admit);
    queues.push(make(false), false, admit);
    queues.push(make(false), false, admit);
    BOOST_TEST(take(0) == 0);

    entry_list calls;
    queues.take_all(true, calls);

    BOOST_TEST(queues.size() == 5u);
    BOOST_TEST(take_many(1, 6) == (numbers{2, 3, 5, 6, 7, -1}), boost::test_tools::per_element());
    BOOST_TEST(static_cast<numbered_entry&>(calls.front()).number == 1);
    calls.pop_front();
    BOOST_TEST(static_cast<numbered_entry&>(calls.front()).number == 4);
}

BOOST_AUTO_TEST_CASE(SHD_02_everything_is_taken_outside_first_each_oldest_first)
{
    push_local(1, 2);
    push(2);
    push_local(0, 2);

    entry_list everything;
    queues.take_all(false, everything);
    numbers got;
    for (; !everything.empty(); everything.pop_front())
        got.push_back(static_cast<numbered_entry&>(everything.front()).number);

    BOOST_TEST(got == (numbers{2, 3, 4, 5, 0, 1}), boost::test_tools::per_element());
    BOOST_TEST(queues.empty());
}

BOOST_AUTO_TEST_CASE(TPE_06_who_adds_is_told_whether_anything_waits)
{
    auto told = [&](std::optional<std::size_t> worker) {
        bool nothing_waits = false;
        auto const note = [&](auto const& is_first) {
            nothing_waits = is_first();
            return true;
        };
        worker ? queues.push_local(*all[*worker], make(), note) : queues.push(make(), true, note);
        return nothing_waits;
    };

    BOOST_TEST(told({}));
    BOOST_TEST(!told({}));
    take(0);
    BOOST_TEST(!told({}));
    take_many(0, 2);
    BOOST_TEST(told(0));
    BOOST_TEST(!told(1));
}

BOOST_AUTO_TEST_CASE(EXE_02_a_refused_entry_is_not_queued)
{
    auto& refused = make();

    BOOST_TEST(!queues.push(refused, true, [](auto const&) { return false; }));
    BOOST_TEST(!queues.push_local(first, refused, [](auto const&) { return false; }));

    BOOST_TEST(queues.empty());
}

BOOST_AUTO_TEST_CASE(R1_nothing_is_lost_or_taken_twice)
{
    cofu::test::rng random;
    std::vector<int> times(20'000, 0);
    std::size_t waiting = 0, wrong_sizes = 0;

    for (int i = 0; i < 20'000; ++i) {
        switch (random.below(4)) {
        case 0:
            push();
            ++waiting;
            break;
        case 1:
            push_local(random.below(2));
            ++waiting;
            break;
        default:
            if (auto const n = take(random.below(2)); n >= 0) {
                ++times[static_cast<std::size_t>(n)];
                --waiting;
            }
        }
        wrong_sizes += queues.size() != waiting;
    }
    for (int n; (n = take(0)) >= 0;)
        ++times[static_cast<std::size_t>(n)];

    BOOST_TEST(wrong_sizes == 0u);
    BOOST_TEST(std::ranges::count(times, 1) == static_cast<std::ptrdiff_t>(made.size()));
    BOOST_TEST(std::ranges::count_if(times, [](int n) { return n > 1; }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
