// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

using cofu::errc;
namespace generic = boost::system::errc;

namespace {

std::vector<errc> const all_codes{
    errc::cancelled,      errc::timed_out,          errc::invalid_state,
    errc::broken_promise, errc::shut_down,          errc::queue_full,
    errc::deadlock,       errc::broken_thread_pool, errc::broken_process_pool,
    errc::worker_crashed, errc::worker_lost,        errc::task_timed_out,
    errc::limit_exceeded, errc::remote_exception,   errc::transport_failed};

}  // namespace

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(an_errc_is_an_error_code_of_the_category)
{
    boost::system::error_code const ec = errc::shut_down;

    BOOST_TEST((ec == errc::shut_down));
    BOOST_TEST((ec.category() == cofu::category()));
    BOOST_TEST(ec.category().name() == std::string("cofu"));
    BOOST_TEST(ec.failed());
}

BOOST_AUTO_TEST_CASE(every_code_has_a_text_of_its_own)
{
    std::set<std::string> texts;
    for (auto const e : all_codes)
        texts.insert(make_error_code(e).message());

    BOOST_TEST(texts.size() == all_codes.size());
    BOOST_TEST(!texts.contains(""));
    BOOST_TEST(!texts.contains(cofu::category().message(0)));
}

BOOST_AUTO_TEST_CASE(ASY_03_cancelled_equals_operation_canceled)
{
    boost::system::error_code const ours = errc::cancelled;
    boost::system::error_code const asios = boost::asio::error::operation_aborted;

    BOOST_TEST((ours == generic::operation_canceled));
    BOOST_TEST((asios == generic::operation_canceled));
    BOOST_TEST((ours != generic::timed_out));
}

BOOST_AUTO_TEST_CASE(ASY_03_both_timeouts_equal_timed_out)
{
    boost::system::error_code const of_a_wait = errc::timed_out;
    boost::system::error_code const of_a_call = errc::task_timed_out;

    BOOST_TEST((of_a_wait == generic::timed_out));
    BOOST_TEST((of_a_call == generic::timed_out));
    BOOST_TEST((of_a_wait != of_a_call));
}

BOOST_AUTO_TEST_CASE(ASY_03_no_other_code_equals_a_generic_condition)
{
    std::size_t others = 0;
    for (auto const e : all_codes) {
        auto const condition = make_error_code(e).default_error_condition();
        others += condition.category() == cofu::category() && condition.value() == int(e);
    }

    BOOST_TEST(others == all_codes.size() - 3);
}

BOOST_AUTO_TEST_CASE(every_class_carries_its_code)
{
    BOOST_TEST((cofu::cancelled_error().code() == errc::cancelled));
    BOOST_TEST((cofu::timeout_error().code() == errc::timed_out));
    BOOST_TEST((cofu::invalid_state_error("x").code() == errc::invalid_state));
    BOOST_TEST((cofu::broken_promise().code() == errc::broken_promise));
    BOOST_TEST((cofu::shut_down_error().code() == errc::shut_down));
    BOOST_TEST((cofu::queue_full_error().code() == errc::queue_full));
    BOOST_TEST((cofu::broken_thread_pool().code() == errc::broken_thread_pool));
    BOOST_TEST((cofu::task_timed_out("x").code() == errc::task_timed_out));
    BOOST_TEST((cofu::broken_process_pool().code() == errc::broken_process_pool));
    BOOST_TEST((cofu::transport_error("x").code() == errc::transport_failed));
    BOOST_TEST((cofu::worker_crashed({}).code() == errc::worker_crashed));
    BOOST_TEST((cofu::worker_crashed({}, errc::worker_lost).code() == errc::worker_lost));
    BOOST_TEST((cofu::limit_exceeded("x", 1, 2).code() == errc::limit_exceeded));
    BOOST_TEST((cofu::remote_error("t", "m", "").code() == errc::remote_exception));
}

BOOST_AUTO_TEST_CASE(PPE_05_a_crash_says_how_the_worker_ended)
{
    auto const says = [](cofu::worker_end const& end, std::string const& text) {
        return std::string(cofu::worker_crashed(end).what()).find(text) != std::string::npos;
    };

    BOOST_TEST(says({12, 11, {}, ""}, "worker 12 was killed by signal 11 (SIGSEGV"));
    BOOST_TEST(says({12, 63, {}, ""}, "signal 63"));
    BOOST_TEST(says({12, {}, 3, ""}, "worker 12 exited with code 3"));
    BOOST_TEST(says({12, {}, {}, ""}, "status unknown"));
    BOOST_TEST(says({12, 6, {}, "assertion failed"}, "its last words: assertion failed"));
}

BOOST_AUTO_TEST_CASE(PPE_04_a_remote_error_says_what_it_said_there)
{
    cofu::remote_error const e("my_error", "no such row", "frame");

    BOOST_TEST(e.what() == std::string("no such row"));
    BOOST_TEST(e.type_name() == "my_error");
    BOOST_TEST(e.message() == "no such row");
    BOOST_TEST(e.trace() == "frame");
    BOOST_TEST((cofu::origin_of(e) == &e));
    BOOST_TEST(!cofu::origin_of(cofu::timeout_error()));
}

BOOST_AUTO_TEST_CASE(every_class_can_be_caught_as_an_error)
{
    BOOST_CHECK_THROW(throw cofu::cancelled_error(), cofu::error);
    BOOST_CHECK_THROW(throw cofu::broken_thread_pool(), cofu::broken_executor);
    BOOST_CHECK_THROW(throw cofu::timeout_error(), boost::system::system_error);
    BOOST_CHECK_THROW(throw cofu::queue_full_error(), std::runtime_error);
    BOOST_CHECK_THROW(throw cofu::broken_process_pool(), cofu::broken_executor);
    BOOST_CHECK_THROW(throw cofu::worker_crashed({}), cofu::error);
    BOOST_CHECK_THROW(throw cofu::remote_error("t", "m", ""), cofu::error);
}

BOOST_AUTO_TEST_CASE(a_text_of_its_own_comes_before_the_codes_text)
{
    cofu::timeout_error const e("2 (of 5) futures unfinished");

    BOOST_TEST(std::string(e.what()).starts_with("2 (of 5) futures unfinished"));
}

BOOST_AUTO_TEST_SUITE_END()
