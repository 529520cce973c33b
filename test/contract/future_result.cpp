// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "pool_kinds.hpp"

#include "support/counted.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

template <class F>
std::string text(F const& f)
{
    std::ostringstream os;
    os << f;
    return os.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(future_result)

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_05_a_result_is_waited_for, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));

    auto const f = pool.submit([](int a, int b) { return a * b; }, 6, 7);

    BOOST_TEST(f.result() == 42);
    BOOST_TEST(f.result(1h) == 42);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_05_zero_or_less_polls, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);

    BOOST_CHECK_THROW(busy.result(0s), cofu::timeout_error);
    BOOST_CHECK_THROW(busy.result(-1s), cofu::timeout_error);
    BOOST_CHECK_THROW(busy.exception(0s), cofu::timeout_error);
    BOOST_TEST(!busy.wait_for(0s));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_05_expiry_throws_timeout_error_and_the_call_goes_on, Kind,
                              pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const call = pool.submit(
        [](typename Kind::gate::handle g) {
            g.wait();
            return 3;
        },
        gate.get_handle());

    BOOST_CHECK_THROW(call.result(10ms), cofu::timeout_error);
    BOOST_CHECK_THROW(call.exception(10ms), cofu::timeout_error);
    gate.open();

    BOOST_TEST(call.result(1h) == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_05_cancelled_while_waiting, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto pending = pool.submit([] { return 1; });
    arrivals waiting;
    std::thread canceller([&] {
        waiting.wait_for_count(1);
        pending.cancel();
    });

    waiting.arrive();
    BOOST_CHECK_THROW(pending.result(1h), cofu::cancelled_error);
    canceller.join();
    BOOST_CHECK_THROW(pending.exception(), cofu::cancelled_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_06_a_string_is_read_by_reference_or_moved_out, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto f = pool.submit([] { return std::string(100, 'x'); });
    auto const g = f;

    auto const* const first = &f.result();
    auto const* const second = &g.result();
    std::string const moved = std::move(f).result();

    BOOST_TEST(first == second);
    BOOST_TEST(moved == std::string(100, 'x'));
    BOOST_CHECK_THROW(g.result(), cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_06_the_value_is_made_once_and_never_copied, Kind,
                              shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    tally_since<counted> const since;

    auto const f = pool.submit([] { return counted(4); });

    BOOST_TEST(f.result().value == 4);
    BOOST_TEST(since().made == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_06_results_of_every_kind, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    int n = 0;

    auto nothing = pool.submit([] {});
    auto reference = pool.submit([&]() -> int& { return n; });
    auto unique = pool.submit([] { return std::make_unique<int>(1); });
    auto no_def = pool.submit([] { return no_default(2); });
    auto constant = pool.submit([]() -> std::string const { return "c"; });

    nothing.result();
    BOOST_TEST(&reference.result() == &n);
    BOOST_TEST(*std::move(unique).result() == 1);
    BOOST_TEST(no_def.result().value == 2);
    BOOST_TEST(constant.result() == "c");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_06_a_result_that_can_t_be_moved_is_made_in_place, Kind,
                              shared_memory_pool_kinds)
{
    struct fixed {
        explicit fixed(int v) : value(v) {}
        fixed(fixed&&) = delete;
        int value;
    };
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit([] { return std::make_unique<fixed>(3); });

    BOOST_TEST(f.result()->value == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_06_an_argument_is_moved_in_once, Kind, shared_memory_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    tally_since<counted> const since;

    auto const f = pool.submit([](counted const& c) { return c.value; }, counted(4));

    BOOST_TEST(f.result() == 4);
    BOOST_TEST(since().copies == 0);
    BOOST_TEST(since().moves == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_07_exception_is_the_calls_own, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const fails = pool.submit([]() -> int { throw std::out_of_range("too far"); });
    auto const works = pool.submit([] { return 1; });

    BOOST_CHECK_THROW(std::rethrow_exception(fails.exception()), std::out_of_range);
    BOOST_TEST((works.exception() == nullptr));
    BOOST_CHECK_EXCEPTION(fails.result(), std::out_of_range,
                          [](auto const& e) { return e.what() == std::string("too far"); });
    BOOST_CHECK_THROW(fails.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_07_an_exception_outlives_its_pool, Kind, pool_kinds)
{
    cofu::future<void> f;
    {
        typename Kind::pool pool(Kind::workers(1));
        f = pool.submit([] { throw std::out_of_range("too far"); });
    }
    BOOST_CHECK_THROW(f.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_12_each_state_is_printed, Kind, pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto const busy = occupy<Kind>(pool, gate);
    auto const fails = pool.submit([] { throw std::out_of_range("what"); });
    auto cancelled = pool.submit([] { return 1; });
    auto const works = pool.submit([] { return 1; });
    cancelled.cancel();

    BOOST_TEST(text(busy) == "<future state=running>");
    BOOST_TEST(text(works) == "<future state=pending>");
    BOOST_TEST(text(cancelled) == "<future state=cancelled>");
    gate.open();
    works.wait();
    BOOST_TEST(text(works) == "<future state=finished returned int>");
    BOOST_TEST(text(fails) == "<future state=finished raised std::out_of_range: what>");
}

BOOST_AUTO_TEST_SUITE_END()
