// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/worker_count.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>

using cofu::detail::on_work;
using cofu::detail::worker_action;
using cofu::detail::worker_facts;

namespace {

// Calls check(facts, action) for every small pool.
template <class Check>
std::string wrong_ones(Check check)
{
    std::ostringstream wrong;
    for (std::size_t max = 1; max <= 4; ++max)
        for (std::size_t threads = 0; threads <= max; ++threads)
            for (std::size_t sleeping = 0; sleeping <= threads; ++sleeping)
                for (std::size_t looking = 0; sleeping + looking <= threads; ++looking)
                    for (bool const empty : {false, true}) {
                        worker_facts const f{threads, max, sleeping, looking, empty};
                        if (!check(f, on_work(f)))
                            wrong << max << '/' << threads << '/' << sleeping << '/' << looking
                                  << '/' << empty << ' ';
                    }
    return wrong.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(worker_count)

BOOST_AUTO_TEST_CASE(TPE_01_never_more_threads_than_allowed)
{
    BOOST_TEST(wrong_ones([](auto const& f, auto action) {
                   return action != worker_action::start || f.threads < f.max;
               })
               == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_no_thread_is_started_while_one_sleeps)
{
    BOOST_TEST(wrong_ones([](auto const& f, auto action) {
                   return f.sleeping == 0 || action != worker_action::start;
               })
               == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_a_thread_is_started_when_all_are_busy)
{
    BOOST_TEST(wrong_ones([](auto const& f, auto action) {
                   bool const all_busy = f.sleeping == 0 && f.looking == 0 && f.threads < f.max;
                   return !all_busy || action == worker_action::start;
               })
               == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_one_that_looks_serves_an_empty_queue_but_not_a_backlog)
{
    BOOST_TEST(wrong_ones([](auto const& f, auto action) {
                   if (f.sleeping != 0 || f.looking == 0 || f.threads == f.max)
                       return true;
                   auto const wanted =
                       f.queue_was_empty ? worker_action::none : worker_action::start;
                   return action == wanted;
               })
               == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_work_is_never_left_to_nobody)
{
    BOOST_TEST(wrong_ones([](auto const& f, auto action) {
                   bool const somebody_comes = f.looking > 0 || f.threads == f.max;
                   return action != worker_action::none || somebody_comes;
               })
               == "");
}

BOOST_AUTO_TEST_CASE(TPE_01_a_sleeper_is_woken_only_when_nobody_looks)
{
    BOOST_TEST(wrong_ones([](auto const& f, auto action) {
                   bool const wake = f.sleeping > 0 && f.looking == 0;
                   return wake == (action == worker_action::wake);
               })
               == "");
}

BOOST_AUTO_TEST_SUITE_END()
