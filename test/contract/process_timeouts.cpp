// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Time limits and stop requests: the ladder that ends a worker.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <stop_token>

#include <unistd.h>

using namespace cofu::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

template <class Kind>
auto impatient(std::size_t workers)
{
    auto options = Kind::workers(workers);
    options.kill_grace = 50ms;
    return options;
}

// Never returns, and ignores what can be ignored.
void hang()
{
    ::signal(SIGTERM, SIG_IGN);
    for (;;)
        ::pause();
}

void wait_for_stop(std::stop_token token)
{
    while (!token.stop_requested())
        ::usleep(200);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_07_a_call_that_hangs_ends_as_timed_out, Kind, process_pool_kinds)
{
    typename Kind::pool pool(impatient<Kind>(1));

    auto const f = pool.submit({.name = "hang", .timeout = 50ms}, &hang);

    BOOST_CHECK_EXCEPTION(f.result(), cofu::task_timed_out, [](cofu::task_timed_out const& e) {
        return std::string(e.what()).find("hang") != std::string::npos;
    });
    BOOST_TEST(pool.submit([] { return 1; }).result() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_07_the_pools_limit_holds_for_every_call, Kind,
                              process_pool_kinds)
{
    auto options = impatient<Kind>(1);
    options.task_timeout = 50ms;
    typename Kind::pool pool(options);

    BOOST_CHECK_THROW(pool.submit(&hang).result(), cofu::task_timed_out);
    BOOST_CHECK_THROW(pool.submit(&hang).result(), cofu::task_timed_out);
    BOOST_TEST(pool.submit([] { return 1; }).result() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_07_a_stopped_worker_is_ended_too, Kind, process_pool_kinds)
{
    typename Kind::pool pool(impatient<Kind>(1));

    auto const f = pool.submit({.timeout = 50ms}, [] { ::raise(SIGSTOP); hang(); });

    BOOST_CHECK_THROW(f.result(), cofu::task_timed_out);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_07_siblings_are_untouched, Kind, process_pool_kinds)
{
    typename Kind::pool pool(impatient<Kind>(2));
    typename Kind::gate gate;
    auto const sibling = occupy<Kind>(pool, gate);

    auto const f = pool.submit({.timeout = 50ms}, &hang);

    BOOST_CHECK_THROW(f.result(), cofu::task_timed_out);
    gate.open();
    BOOST_CHECK_NO_THROW(sibling.result());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_request_stop_signals_the_token_in_the_worker, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    typename Kind::gate gate;
    auto f = pool.submit(
        [](std::stop_token token, typename Kind::gate::handle g) {
            g.arrive();
            wait_for_stop(token);
            return 7;
        },
        gate.get_handle());
    gate.wait_for_arrivals(1);

    BOOST_TEST(f.request_stop());

    BOOST_TEST(f.result() == 7);
    BOOST_TEST(pool.submit([] { return 1; }).result() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FUT_13_a_call_that_does_not_stop_is_killed, Kind, process_pool_kinds)
{
    typename Kind::pool pool(impatient<Kind>(1));
    typename Kind::gate gate;
    auto f = pool.submit(
        [](typename Kind::gate::handle g) {
            ::signal(SIGTERM, SIG_IGN);
            g.arrive();
            hang();
        },
        gate.get_handle());
    auto const queued = pool.submit([] { return 2; });
    gate.wait_for_arrivals(1);

    BOOST_TEST(f.request_stop());

    BOOST_CHECK_THROW(f.result(), cofu::cancelled_error);
    BOOST_TEST(!f.cancelled());
    BOOST_TEST(queued.result() == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ASY_03_cancelling_async_invoke_ends_its_call, Kind,
                              process_pool_kinds)
{
    asio::io_context io;
    typename Kind::pool pool(impatient<Kind>(1));
    typename Kind::gate gate;
    asio::cancellation_signal signal;
    std::exception_ptr ended;

    pool.async_invoke(cofu::call(
                          [](typename Kind::gate::handle g) {
                              g.arrive();
                              hang();
                          },
                          gate.get_handle()),
                      asio::bind_executor(io, asio::bind_cancellation_slot(
                                                  signal.slot(),
                                                  [&](std::exception_ptr e) { ended = e; })));
    gate.wait_for_arrivals(1);
    asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
    io.run();

    BOOST_REQUIRE(ended != nullptr);
    BOOST_CHECK_EXCEPTION(std::rethrow_exception(ended), boost::system::system_error,
                          [](boost::system::system_error const& e) {
                              return e.code() == asio::error::operation_aborted;
                          });
}
