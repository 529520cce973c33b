// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/future.hpp>
#include <cofu/promise.hpp>

#include "support/child_case.hpp"
#include "support/counted.hpp"
#include "support/gate.hpp"
#include "support/manual_executor.hpp"
#include "support/small_stack.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

using numbers = std::vector<int>;

struct fixture {
    ~fixture()
    {
        if (!f.done())
            p.set_result(0);
    }

    cofu::promise<int> p;
    cofu::future<int> f = p.get_future();
    numbers order;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(future_callbacks, fixture)

BOOST_AUTO_TEST_CASE(FUT_08_callbacks_run_once_in_order_of_addition)
{
    for (int i = 0; i < 3; ++i)
        f.add_done_callback([this, i](auto) { order.push_back(i); });

    p.set_result(1);

    BOOST_TEST(order == (numbers{0, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_a_callback_is_given_the_future)
{
    int got = 0;
    bool same = false;
    f.add_done_callback([&](cofu::future<int> done) {
        got = done.result();
        same = done == f;
    });

    p.set_result(6);

    BOOST_TEST(got == 6);
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(FUT_08_they_run_on_the_thread_that_completes)
{
    std::thread::id ran_on;
    f.add_done_callback([&](auto) { ran_on = std::this_thread::get_id(); });

    std::thread setter([&] { p.set_result(1); });
    auto const id = setter.get_id();
    setter.join();

    BOOST_TEST((ran_on == id));
}

BOOST_AUTO_TEST_CASE(FUT_02_cancelling_runs_them_on_the_thread_that_cancels_once)
{
    std::vector<std::thread::id> ran_on;
    f.add_done_callback([&](auto) { ran_on.push_back(std::this_thread::get_id()); });

    f.cancel();
    f.cancel();

    BOOST_TEST((ran_on == std::vector{std::this_thread::get_id()}));
}

BOOST_AUTO_TEST_CASE(FUT_08_one_added_to_a_finished_future_runs_before_add_returns)
{
    p.set_result(1);

    f.add_done_callback([this](auto) { order.push_back(1); });
    order.push_back(2);

    BOOST_TEST(order == (numbers{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_one_added_inside_a_callback_runs_at_once)
{
    f.add_done_callback([this](auto g) {
        order.push_back(1);
        g.add_done_callback([this](auto) { order.push_back(2); });
        order.push_back(3);
    });
    f.add_done_callback([this](auto) { order.push_back(4); });

    p.set_result(1);

    BOOST_TEST(order == (numbers{1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(R8_a_callback_may_call_everything_of_its_future)
{
    std::ostringstream printed;
    std::vector<bool> answers;
    f.add_done_callback([&](cofu::future<int> g) {
        g.wait();
        printed << g;
        answers = {g.done(),
                   !g.running(),
                   !g.cancelled(),
                   !g.cancel(),
                   !g.request_stop(),
                   g.wait_for(0s),
                   g.result() == 1,
                   g.exception() == nullptr,
                   g.get_executor() == f.get_executor(),
                   std::move(g).result() == 1};
    });

    p.set_result(1);

    BOOST_TEST(answers == std::vector<bool>(10, true), boost::test_tools::per_element());
    BOOST_TEST(printed.str() == "<future state=finished returned int>");
}

BOOST_AUTO_TEST_CASE(FUT_08_completing_another_future_runs_its_callbacks_after_the_current_one)
{
    cofu::promise<int> other;
    other.get_future().add_done_callback([this](auto) { order.push_back(3); });
    f.add_done_callback([&](auto) {
        order.push_back(1);
        other.set_result(1);
        order.push_back(2);
    });

    p.set_result(1);

    BOOST_TEST(order.size() == 3u);
    BOOST_TEST(numbers(order.begin(), order.begin() + 2) == (numbers{1, 2}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_another_future_completed_inside_is_done_at_once)
{
    cofu::promise<int> other;
    bool done_inside = false;
    f.add_done_callback([&](auto) {
        other.set_result(1);
        done_inside = other.get_future().done();
    });

    p.set_result(1);

    BOOST_TEST(done_inside);
}

BOOST_AUTO_TEST_CASE(FUT_08_cancelling_another_future_inside_runs_its_callbacks)
{
    cofu::promise<int> other;
    other.get_future().add_done_callback([this](auto) { order.push_back(2); });
    f.add_done_callback([&](auto) {
        other.get_future().cancel();
        order.push_back(1);
    });

    p.set_result(1);

    BOOST_TEST(order == (numbers{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_a_callback_may_drop_the_last_handles)
{
    std::optional<cofu::promise<std::string>> own(std::in_place);
    std::optional<cofu::future<std::string>> kept = own->get_future();
    std::string got;
    kept->add_done_callback([&](auto g) {
        kept.reset();
        got = g.result();
    });

    own->set_result("still there");
    own.reset();

    BOOST_TEST(got == "still there");
}

BOOST_AUTO_TEST_CASE(FUT_08_a_callback_may_drop_the_promise_that_completes)
{
    std::optional<cofu::promise<int>> own(std::in_place);
    auto const g = own->get_future();
    cofu::promise<int> outer;
    g.get_executor();
    auto h = g;
    h.add_done_callback([this](auto) { order.push_back(1); });
    outer.get_future().add_done_callback([&](auto) { own.reset(); });

    outer.set_result(1);

    BOOST_CHECK_THROW(g.result(), cofu::broken_promise);
    BOOST_TEST(order == (numbers{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_callbacks_run_though_all_handles_are_gone)
{
    cofu::promise<int> own;
    own.get_future().add_done_callback([this](auto g) { order.push_back(g.result()); });

    own.set_result(5);

    BOOST_TEST(order == (numbers{5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_dropping_the_promise_runs_them)
{
    {
        cofu::promise<int> own;
        own.get_future().add_done_callback([this](auto g) { order.push_back(g.exception() != 0); });
    }
    BOOST_TEST(order == (numbers{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_a_callback_is_destroyed_when_it_has_run)
{
    auto const token = std::make_shared<int>(0);
    long before_next = 0;
    f.add_done_callback([token](auto) {});
    f.add_done_callback([&](auto) { before_next = token.use_count(); });

    p.set_result(1);

    BOOST_TEST(before_next == 1);
}

BOOST_AUTO_TEST_CASE(FUT_08_a_move_only_callback)
{
    f.add_done_callback([this, n = std::make_unique<int>(4)](auto) { order.push_back(*n); });

    p.set_result(1);

    BOOST_TEST(order == (numbers{4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(throwing_callback, *boost::unit_test::disabled())
{
    f.add_done_callback([](auto) { throw std::out_of_range("from a callback"); });
    f.add_done_callback([this](auto) { order.push_back(1); });

    p.set_result(1);

    BOOST_TEST(order == (numbers{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_08_a_callback_that_throws_is_reported_and_the_others_run)
{
    auto const child = run_case_in_child("future_callbacks/throwing_callback");

    BOOST_TEST(child.exit_status == 0);
    BOOST_TEST(child.output.find("std::out_of_range: from a callback") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(FUT_09_a_bound_callback_is_posted)
{
    manual_context context;
    bool inside = false;
    auto const bound = [&](auto) { inside = context.running_in_this_thread(); };
    f.add_done_callback(boost::asio::bind_executor(context.get_executor(), bound));

    p.set_result(1);
    auto const waiting = context.pending();
    context.run_all();

    BOOST_TEST(waiting == 1u);
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_CASE(FUT_09_also_when_the_future_is_done_and_on_its_own_context)
{
    manual_context context;
    p.set_result(1);
    int when_added = -1;
    auto const note = [this](auto) { order.push_back(1); };

    boost::asio::post(context.get_executor(), [&] {
        f.add_done_callback(boost::asio::bind_executor(context.get_executor(), note));
        when_added = static_cast<int>(order.size());
    });
    context.run_all();

    BOOST_TEST(when_added == 0);
    BOOST_TEST(order == (numbers{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(FUT_09_a_bound_callback_whose_context_ends_is_destroyed_unrun)
{
    auto const token = std::make_shared<int>(0);
    {
        manual_context context;
        auto const note = [this, token](auto) { order.push_back(1); };
        f.add_done_callback(boost::asio::bind_executor(context.get_executor(), note));
    }
    p.set_result(1);

    BOOST_TEST(order.empty());
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(FUT_09_the_executor_refuses_and_the_others_still_run)
{
    manual_context context;
    auto const bound = [this](auto) { order.push_back(1); };
    f.add_done_callback(boost::asio::bind_executor(context.get_executor(), bound));
    f.add_done_callback([this](auto) { order.push_back(2); });
    context.refuse(1);

    p.set_result(1);
    context.run_all();

    BOOST_TEST(order == (numbers{2}), boost::test_tools::per_element());
}

// Each future's callback completes the next.
BOOST_AUTO_TEST_CASE(R7_a_long_chain_of_callbacks_does_not_grow_the_stack)
{
    constexpr std::size_t length = 100'000;
    std::vector<cofu::promise<int>> chain(length);
    for (std::size_t i = 0; i + 1 < length; ++i)
        chain[i].get_future().add_done_callback(
            [&next = chain[i + 1]](auto g) { next.set_result(g.result() + 1); });

    run_on_small_stack([&] { chain.front().set_result(0); });

    BOOST_TEST(chain.back().get_future().result() == int(length - 1));
}

BOOST_AUTO_TEST_SUITE_END()
