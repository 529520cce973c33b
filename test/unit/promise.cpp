// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/promise.hpp>

#include "support/counted.hpp"
#include "support/manual_executor.hpp"

#include <boost/asio/system_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using cofu::future_state;
using namespace cofu::test;

namespace {

struct throws_when_made {
    explicit throws_when_made(bool now)
    {
        if (now)
            throw std::length_error("not now");
    }
};

// Made while its promise is being set.
struct uses_its_promise {
    explicit uses_its_promise(cofu::promise<uses_its_promise>& p)
    {
        auto f = p.get_future();
        was_running = f.running();
        could_cancel = f.cancel();
        try {
            p.set_exception(nullptr);
        } catch (cofu::invalid_state_error const&) {
            setter_lost = true;
        }
    }

    bool was_running = false;
    bool could_cancel = true;
    bool setter_lost = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(promise)

BOOST_AUTO_TEST_CASE(FUT_01_a_new_one_is_pending)
{
    cofu::promise<int> p;
    auto const f = p.get_future();

    BOOST_TEST(f.state() == future_state::pending);
    BOOST_TEST(!f.done());
}

BOOST_AUTO_TEST_CASE(FUT_10_set_running_begins_a_pending_one)
{
    cofu::promise<int> p;
    auto const f = p.get_future();

    BOOST_TEST(p.set_running_or_notify_cancel());
    BOOST_TEST(f.running());
    BOOST_TEST(!f.done());
}

BOOST_AUTO_TEST_CASE(FUT_10_set_running_is_false_for_a_cancelled_one)
{
    cofu::promise<int> p;
    auto f = p.get_future();
    f.cancel();

    BOOST_TEST(!p.set_running_or_notify_cancel());
    BOOST_TEST(!p.set_running_or_notify_cancel());
    BOOST_TEST(f.cancelled());
}

BOOST_AUTO_TEST_CASE(FUT_10_set_running_throws_when_it_runs_or_is_finished)
{
    cofu::promise<int> p;
    p.set_running_or_notify_cancel();

    BOOST_CHECK_THROW(p.set_running_or_notify_cancel(), cofu::invalid_state_error);
    p.set_result(1);
    BOOST_CHECK_THROW(p.set_running_or_notify_cancel(), cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE(FUT_10_the_first_setter_wins)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    p.set_result(1);

    BOOST_CHECK_THROW(p.set_result(2), cofu::invalid_state_error);
    BOOST_CHECK_THROW(p.set_exception(std::make_exception_ptr(3)), cofu::invalid_state_error);
    BOOST_TEST(f.result() == 1);
}

BOOST_AUTO_TEST_CASE(FUT_10_an_exception_may_win_too)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    p.set_exception(std::make_exception_ptr(std::out_of_range("first")));

    BOOST_CHECK_THROW(p.set_result(2), cofu::invalid_state_error);
    BOOST_CHECK_THROW(f.result(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(FUT_10_setting_a_cancelled_one_throws)
{
    cofu::promise<int> p;
    p.get_future().cancel();

    BOOST_CHECK_THROW(p.set_result(1), cofu::invalid_state_error);
    BOOST_CHECK_THROW(p.set_exception(std::make_exception_ptr(1)), cofu::invalid_state_error);
}

BOOST_AUTO_TEST_CASE(FUT_10_dropped_while_pending_it_is_broken)
{
    std::optional<cofu::promise<int>> p(std::in_place);
    auto const f = p->get_future();

    p.reset();

    BOOST_TEST(f.state() == future_state::finished);
    BOOST_CHECK_THROW(f.result(), cofu::broken_promise);
}

BOOST_AUTO_TEST_CASE(FUT_10_dropped_while_running_it_is_broken)
{
    std::optional<cofu::promise<int>> p(std::in_place);
    auto const f = p->get_future();
    p->set_running_or_notify_cancel();

    p.reset();

    BOOST_CHECK_THROW(f.result(), cofu::broken_promise);
}

BOOST_AUTO_TEST_CASE(FUT_10_dropped_after_a_cancellation_it_stays_cancelled)
{
    std::optional<cofu::promise<int>> p(std::in_place);
    auto f = p->get_future();
    f.cancel();

    p.reset();

    BOOST_TEST(f.cancelled());
}

BOOST_AUTO_TEST_CASE(FUT_10_assigning_drops_what_was_there)
{
    cofu::promise<int> p, q;
    auto const old = p.get_future();
    auto const kept = q.get_future();

    p = std::move(q);
    p.set_result(3);

    BOOST_CHECK_THROW(old.result(), cofu::broken_promise);
    BOOST_TEST(kept.result() == 3);
}

BOOST_AUTO_TEST_CASE(FUT_10_one_moved_to_itself_keeps_its_future)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    auto& same = p;

    p = std::move(same);
    p.set_result(4);

    BOOST_TEST(f.result() == 4);
}

BOOST_AUTO_TEST_CASE(FUT_10_a_moved_from_one_throws)
{
    cofu::promise<int> p;
    auto const f = p.get_future();
    auto q = std::move(p);

    BOOST_CHECK_THROW(p.get_future(), cofu::invalid_state_error);
    BOOST_CHECK_THROW(p.set_result(1), cofu::invalid_state_error);
    BOOST_CHECK_THROW(p.set_exception(nullptr), cofu::invalid_state_error);
    BOOST_CHECK_THROW(p.set_running_or_notify_cancel(), cofu::invalid_state_error);
    BOOST_CHECK_THROW(p.stop_token(), cofu::invalid_state_error);
    BOOST_TEST(f.state() == future_state::pending);
    q.set_result(1);
}

BOOST_AUTO_TEST_CASE(FUT_10_every_future_of_one_promise_is_the_same)
{
    cofu::promise<int> p;

    BOOST_TEST((p.get_future() == p.get_future()));
    p.set_result(0);
}

BOOST_AUTO_TEST_CASE(FUT_10_a_constructor_that_throws_changes_nothing)
{
    cofu::promise<throws_when_made> p;
    auto f = p.get_future();

    BOOST_CHECK_THROW(p.set_result(true), std::length_error);
    auto const after_pending = f.state();
    p.set_running_or_notify_cancel();
    BOOST_CHECK_THROW(p.set_result(true), std::length_error);

    BOOST_TEST(after_pending == future_state::pending);
    BOOST_TEST(f.state() == future_state::running);
    p.set_result(false);
    BOOST_TEST((f.exception() == nullptr));
}

BOOST_AUTO_TEST_CASE(FUT_10_after_a_constructor_that_threw_it_can_be_cancelled)
{
    cofu::promise<throws_when_made> p;
    auto f = p.get_future();
    BOOST_CHECK_THROW(p.set_result(true), std::length_error);

    BOOST_TEST(f.cancel());
    BOOST_TEST(f.cancelled());
}

BOOST_AUTO_TEST_CASE(FUT_10_a_value_that_is_being_made_excludes_all_others)
{
    cofu::promise<uses_its_promise> p;
    auto const f = p.get_future();

    p.set_result(p);

    BOOST_TEST(f.result().was_running);
    BOOST_TEST(!f.result().could_cancel);
    BOOST_TEST(f.result().setter_lost);
}

BOOST_AUTO_TEST_CASE(FUT_13_request_stop_signals_the_token_of_a_running_one)
{
    cofu::promise<int> p;
    auto f = p.get_future();
    auto const token = p.stop_token();
    p.set_running_or_notify_cancel();

    BOOST_TEST(!token.stop_requested());
    BOOST_TEST(f.request_stop());
    BOOST_TEST(f.request_stop());
    BOOST_TEST(token.stop_requested());
    BOOST_TEST(f.running());
    p.set_result(5);
    BOOST_TEST(f.result() == 5);
}

BOOST_AUTO_TEST_CASE(FUT_13_request_stop_cancels_a_pending_one)
{
    cofu::promise<int> p;
    auto f = p.get_future();

    BOOST_TEST(f.request_stop());
    BOOST_TEST(f.cancelled());
}

BOOST_AUTO_TEST_CASE(FUT_13_request_stop_is_false_for_one_that_is_done)
{
    cofu::promise<int> p, q;
    auto finished = p.get_future(), cancelled = q.get_future();
    p.set_result(1);
    cancelled.cancel();

    BOOST_TEST(!finished.request_stop());
    BOOST_TEST(!cancelled.request_stop());
    BOOST_TEST(!p.stop_token().stop_requested());
}

BOOST_AUTO_TEST_CASE(FUT_13_a_stop_callback_may_set_the_result)
{
    cofu::promise<std::string> p;
    auto f = p.get_future();
    p.set_running_or_notify_cancel();
    std::stop_callback const on_stop(p.stop_token(), [&] { p.set_result("stopped"); });

    BOOST_TEST(f.request_stop());

    BOOST_TEST(f.result() == "stopped");
}

BOOST_AUTO_TEST_CASE(FUT_06_a_value_is_made_in_place)
{
    tally_since<counted> const since;
    cofu::promise<counted> p;
    auto const f = p.get_future();

    p.set_result(8);

    BOOST_TEST(f.result().value == 8);
    BOOST_TEST(since().made == 1);
}

BOOST_AUTO_TEST_CASE(FUT_06_a_value_may_be_made_of_several_arguments_or_none)
{
    cofu::promise<std::string> several, none;

    several.set_result(3u, 'x');
    none.set_result();

    BOOST_TEST(several.get_future().result() == "xxx");
    BOOST_TEST(none.get_future().result() == "");
}

BOOST_AUTO_TEST_CASE(ASY_09_its_executor_is_the_futures)
{
    manual_context context;
    cofu::promise<int> p(context.get_executor()), q;

    auto const executor = p.get_future().get_executor();
    bool const is_ours = executor == context.get_executor();
    bool const is_system = q.get_future().get_executor() == boost::asio::system_executor();

    BOOST_TEST(is_ours);
    BOOST_TEST(is_system);
}

BOOST_AUTO_TEST_CASE(FUT_11_the_value_lives_as_long_as_a_handle)
{
    tally_since<counted> const since;
    std::optional<cofu::future<counted>> f;
    {
        cofu::promise<counted> p;
        f = p.get_future();
        p.set_result(1);
    }
    auto const while_held = since().live;

    f.reset();

    BOOST_TEST(while_held == 1);
    BOOST_TEST(since().live == 0);
}

BOOST_AUTO_TEST_SUITE_END()
