// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/pool_ticket.hpp>

#include "support/gate.hpp"
#include "support/poll.hpp"

#include <boost/asio/system_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <thread>

using namespace cofu::detail;
using cofu::test::poll_until;

namespace {

struct fake_pool final : call_pool {
    boost::asio::any_io_executor io_executor() noexcept override
    {
        return boost::asio::system_executor();
    }
    cofu::pool_observer* observer() const noexcept override { return nullptr; }
    void call_cancelled() noexcept override { ++cancellations; }
    void interrupt(shared_state&) noexcept override {}
    bool leave_line(room_waiter&) noexcept override { return false; }
    bool abandon(shutdown_waiter&) noexcept override { return false; }

    int cancellations = 0;
};

bool opens(pool_ticket ticket) { return static_cast<bool>(pool_visit(ticket)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_ticket_visits)

BOOST_AUTO_TEST_CASE(a_ticket_opens_its_pool_while_it_lives)
{
    fake_pool pool;
    std::optional<pool_registration> registration(std::in_place, pool);
    auto const ticket = registration->ticket();

    if (pool_visit visit(ticket); visit)
        visit->call_cancelled();
    registration.reset();

    BOOST_TEST(pool.cancellations == 1);
    BOOST_TEST(!opens(ticket));
}

BOOST_AUTO_TEST_CASE(an_empty_ticket_opens_nothing) { BOOST_TEST(!opens(pool_ticket())); }

BOOST_AUTO_TEST_CASE(an_old_ticket_does_not_open_the_pool_that_took_the_place)
{
    fake_pool old_pool, new_pool;
    pool_registration first(old_pool);
    auto const old_ticket = first.ticket();
    first.close();

    pool_registration second(new_pool);

    BOOST_TEST(second.ticket().place == old_ticket.place);
    BOOST_TEST(!opens(old_ticket));
    BOOST_TEST(opens(second.ticket()));
}

BOOST_AUTO_TEST_CASE(closing_twice_is_closing_once)
{
    fake_pool pool, other_pool;
    pool_registration registration(pool);
    registration.close();
    pool_registration other(other_pool);

    registration.close();

    BOOST_TEST(opens(other.ticket()));
}

BOOST_AUTO_TEST_CASE(R8_closing_waits_for_the_visits_under_way)
{
    fake_pool pool;
    pool_registration registration(pool);
    auto const ticket = registration.ticket();
    std::optional<pool_visit> visit(std::in_place, ticket);
    cofu::test::gate closed;

    std::thread closer([&] { registration.close(), closed.open(); });
    bool const refuses_others = poll_until([&] { return !opens(ticket); });
    bool const was_closed_too_early = closed.is_open();
    visit.reset();
    closer.join();

    BOOST_TEST(refuses_others);
    BOOST_TEST(!was_closed_too_early);
    BOOST_TEST(closed.is_open());
}

BOOST_AUTO_TEST_SUITE_END()
