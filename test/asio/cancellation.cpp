// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Per-operation cancellation of each operation, with each type of cancellation.

#include "operations.hpp"
#include "support/gate.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/thread/thread.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <stop_token>
#include <thread>

namespace asio = boost::asio;
using namespace cofu::test;

namespace {

// What a handler was told.
struct told {
    int runs = 0;
    boost::system::error_code code;
    bool threw_something_else = false;
    int value = 0;
};

struct teller {
    told* to;

    void operator()(boost::system::error_code ec) const
    {
        ++to->runs;
        to->code = ec;
    }
    void operator()(std::exception_ptr e) const
    {
        ++to->runs;
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (boost::system::system_error const& error) {
            to->code = error.code();
        } catch (...) {
            to->threw_something_else = true;
        }
    }
    template <class Error>
    void operator()(Error e, int value) const
    {
        (*this)(e);
        to->value = value;
    }
    void operator()(boost::system::error_code ec, cofu::future<int> const&) const { (*this)(ec); }
    void operator()(boost::system::error_code ec, cofu::shutdown_report) const { (*this)(ec); }
};

// A bench whose pool of one is busy and has a full queue.
struct busy_bench : bench {
    busy_bench()
    {
        running = busy.submit([this] {
            came.arrive();
            hold.wait();
        });
        came.wait_for_count(1);
        queued = busy.submit([] {});
    }
    ~busy_bench() { hold.open(); }

    auto bind(told& t)
    {
        return asio::bind_executor(io, asio::bind_cancellation_slot(signal.slot(), teller{&t}));
    }

    // Emits from the io_context, and runs it dry.
    bool emit(asio::cancellation_type type)
    {
        asio::post(io, [this, type] { signal.emit(type); });
        return run();
    }

    gate hold;
    arrivals came;
    asio::cancellation_signal signal;
    cofu::thread_pool_executor busy{cofu::thread_pool_options{.max_workers = 1, .max_queue = 1}};
    cofu::future<void> running, queued;
    cofu::promise<int> never;
};

constexpr asio::cancellation_type types[] = {asio::cancellation_type::terminal,
                                            asio::cancellation_type::partial,
                                            asio::cancellation_type::total};

struct named_operation {
    char const* name;
    std::function<void(busy_bench&, told&)> start;
};

named_operation const waiting_operations[] = {
    {"future", [](busy_bench& b, told& t) { b.never.get_future()(b.bind(t)); }},
    {"async_result", [](busy_bench& b, told& t) { b.never.get_future().async_result(b.bind(t)); }},
    {"async_wait", [](busy_bench& b, told& t) { b.never.get_future().async_wait(b.bind(t)); }},
    {"async_submit", [](busy_bench& b, told& t) { b.busy.async_submit([] { return 1; }, b.bind(t)); }},
    {"async_invoke", [](busy_bench& b, told& t) { b.busy.async_invoke([] { return 1; }, b.bind(t)); }},
    {"async_shutdown", [](busy_bench& b, told& t) { b.busy.async_shutdown(b.bind(t)); }},
};

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_03_every_type_abandons_every_wait)
{
    for (auto const& operation : waiting_operations) {
        for (auto const type : types) {
            BOOST_TEST_INFO(operation.name << ", type " << static_cast<unsigned>(type));
            busy_bench b;
            told t;
            operation.start(b, t);

            bool const dry = b.emit(type);

            BOOST_TEST((dry && t.runs == 1 && t.code == asio::error::operation_aborted
                        && !b.signal.slot().has_handler()));
        }
    }
}

BOOST_AUTO_TEST_CASE(ASY_03_the_call_goes_on_when_its_wait_was_abandoned)
{
    for (auto const type : types) {
        busy_bench b;
        told t;
        auto call = b.pool.submit([&] {
            b.hold.wait();
            return 42;
        });
        call(b.bind(t));

        bool const dry = b.emit(type);
        b.hold.open();

        BOOST_TEST(dry);
        BOOST_TEST(t.code == asio::error::operation_aborted);
        BOOST_TEST(call.result() == 42);
    }
}

BOOST_AUTO_TEST_CASE(ASY_03_an_emission_before_the_initiation_has_no_effect)
{
    for (auto const type : types) {
        busy_bench b;
        told t;
        b.signal.emit(type);

        b.pool.submit([] { return 42; })(b.bind(t));

        BOOST_TEST(b.run());
        BOOST_TEST(!t.code);
        BOOST_TEST(t.value == 42);
    }
}

BOOST_AUTO_TEST_CASE(ASY_03_an_emission_after_the_completion_has_no_effect)
{
    for (auto const type : types) {
        busy_bench b;
        told t;
        b.pool.submit([] { return 42; })(b.bind(t));
        BOOST_TEST(b.run());

        bool const dry = b.emit(type);

        BOOST_TEST(dry);
        BOOST_TEST(t.runs == 1);
        BOOST_TEST(t.value == 42);
    }
}

BOOST_AUTO_TEST_CASE(ASY_03_an_emission_between_completion_and_delivery_has_no_effect)
{
    busy_bench b;
    told t;
    cofu::promise<int> p;
    p.get_future()(b.bind(t));
    p.set_result(42);

    b.signal.emit(asio::cancellation_type::all);

    BOOST_TEST(b.run());
    BOOST_TEST(t.runs == 1);
    BOOST_TEST(!t.code);
    BOOST_TEST(t.value == 42);
}

BOOST_AUTO_TEST_CASE(ASY_03_a_second_emission_has_no_effect)
{
    busy_bench b;
    told t;
    b.never.get_future()(b.bind(t));

    b.signal.emit(asio::cancellation_type::total);
    b.signal.emit(asio::cancellation_type::terminal);

    BOOST_TEST(b.run());
    BOOST_TEST(t.runs == 1);
    BOOST_TEST(t.code == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(ASY_03_async_invoke_withdraws_a_queued_call)
{
    bench b;
    told t;
    bool ran = false;
    gate hold;
    arrivals came;
    asio::cancellation_signal signal;
    {
        cofu::thread_pool_executor pool(1);
        gate_opener opener(hold);
        pool.submit([&] {
            came.arrive();
            hold.wait();
        });
        came.wait_for_count(1);
        auto call = [&] {
            ran = true;
            return 42;
        };
        pool.async_invoke(call, asio::bind_executor(b.io, asio::bind_cancellation_slot(
                                                              signal.slot(), teller{&t})));

        signal.emit(asio::cancellation_type::terminal);

        // While the pool's only worker is still busy.
        BOOST_TEST(b.run());
        BOOST_TEST(t.runs == 1);
    }
    BOOST_TEST(t.code == asio::error::operation_aborted);
    BOOST_TEST(!ran);
}

BOOST_AUTO_TEST_CASE(ASY_03_async_invoke_stops_a_running_call_and_waits_for_its_end)
{
    bench b;
    told t;
    gate hold;
    gate_opener opener(hold);
    arrivals came, stopping;
    asio::cancellation_signal signal;
    auto call = [&](std::stop_token stop) -> int {
        came.arrive();
        while (!stop.stop_requested())
            std::this_thread::yield();
        stopping.arrive();
        boost::this_thread::disable_interruption const not_here;
        hold.wait();
        throw cofu::cancelled_error();
    };
    b.pool.async_invoke(
        call, asio::bind_executor(b.io, asio::bind_cancellation_slot(signal.slot(), teller{&t})));
    came.wait_for_count(1);

    signal.emit(asio::cancellation_type::total);
    stopping.wait_for_count(1);
    b.io.poll();
    int const runs_before_its_end = t.runs;
    hold.open();

    BOOST_TEST(b.run());
    BOOST_TEST(runs_before_its_end == 0);
    BOOST_TEST(t.runs == 1);
    BOOST_TEST(t.code == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(ASY_03_async_invoke_interrupts_a_blocking_call)
{
    bench b;
    told t;
    arrivals came;
    asio::cancellation_signal signal;
    auto call = [&] {
        came.arrive();
        boost::this_thread::sleep_for(boost::chrono::hours(1));
        return 42;
    };
    b.pool.async_invoke(
        call, asio::bind_executor(b.io, asio::bind_cancellation_slot(signal.slot(), teller{&t})));
    came.wait_for_count(1);

    signal.emit(asio::cancellation_type::partial);

    BOOST_TEST(b.run());
    BOOST_TEST(t.runs == 1);
    BOOST_TEST(t.code == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(ASY_03_async_invoke_delivers_a_value_returned_in_spite_of_the_stop)
{
    bench b;
    told t;
    arrivals came;
    asio::cancellation_signal signal;
    auto call = [&](std::stop_token stop) {
        came.arrive();
        while (!stop.stop_requested())
            std::this_thread::yield();
        return 42;
    };
    b.pool.async_invoke(
        call, asio::bind_executor(b.io, asio::bind_cancellation_slot(signal.slot(), teller{&t})));
    came.wait_for_count(1);

    signal.emit(asio::cancellation_type::total);

    BOOST_TEST(b.run());
    BOOST_TEST(t.runs == 1);
    BOOST_TEST(!t.code);
    BOOST_TEST(t.value == 42);
}

BOOST_AUTO_TEST_CASE(ASY_03_the_codes_of_cancellation_are_equivalent)
{
    using boost::system::errc::operation_canceled;
    using boost::system::errc::timed_out;

    BOOST_TEST((make_error_code(cofu::errc::cancelled) == operation_canceled));
    BOOST_TEST((boost::system::error_code(asio::error::operation_aborted) == operation_canceled));
    BOOST_TEST((make_error_code(cofu::errc::timed_out) == timed_out));
    BOOST_TEST((make_error_code(cofu::errc::task_timed_out) == timed_out));
}
