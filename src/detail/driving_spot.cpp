// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "driving_spot.hpp"

#include "../posix/poll_until.hpp"
#include "parking.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

// What the descriptor counts in one number. Only it says that the spot was unparked, so the writing
// is the last touch of the spot.
constexpr std::uint64_t once_unparked = std::uint64_t(1) << 32;
constexpr std::uint64_t once_more = 1;

void count(int fd, std::uint64_t n) noexcept
{
    [[maybe_unused]] auto const written = ::write(fd, &n, sizeof n);
}

}  // namespace

std::vector<boost::intrusive_ptr<pool_io>> io_to_drive(std::span<shared_state* const> calls)
{
    std::vector<boost::intrusive_ptr<pool_io>> found;
    if (!is_there_pool_io())
        return found;
    boost::unordered_flat_set<std::uint32_t> seen;
    pool_ticket last;
    for (auto const* call : calls) {
        auto const ticket = call->ticket();
        if (ticket == last)
            continue;
        last = ticket;
        if (ticket.place == 0 || !seen.insert(ticket.place).second)
            continue;
        if (auto io = io_of(ticket); io && io->needs_driver())
            found.push_back(std::move(io));
    }
    return found;
}

driving_spot::driving_spot(deadline const& limit)
    : limit_(limit), told_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!told_)
        throw std::system_error(errno, std::generic_category(), "a blocking wait: eventfd");
}

driving_spot::~driving_spot()
{
    for (auto& turn : turns_)
        turn.pool->leave_turn(turn);
}

void driving_spot::drive_also(boost::intrusive_ptr<pool_io> pool)
{
    if (std::ranges::none_of(turns_, [&](auto const& t) { return t.pool == pool; }))
        turns_.emplace_back(*this, std::move(pool));
}

void driving_spot::unpark() noexcept { count(told_.get(), once_unparked); }

void driving_spot::look_again() noexcept { count(told_.get(), once_more); }

// Those that have ended are let go of.
void driving_spot::ask_for_turns() noexcept
{
    for (auto turn = turns_.begin(); turn != turns_.end();) {
        turn->answer = turn->pool->ask_turn(*turn);
        turn = turn->answer == turn_answer::over ? turns_.erase(turn) : std::next(turn);
    }
}

driving_spot::outcome driving_spot::park()
{
    std::vector<pollfd> watched;
    std::vector<pool_io*> led;
    ask_for_turns();
    for (auto const& turn : turns_)
        if (turn.answer == turn_answer::leads)
            led.push_back(turn.pool.get());
    watched.push_back({told_.get(), POLLIN, 0});
    for (auto const* pool : led)
        watched.push_back({pool->descriptor(), POLLIN, 0});
    for (;;) {
        boost::this_thread::interruption_point();
        poll_until(watched, next_look(limit_));
        std::uint64_t told = 0;
        if (watched[0].revents != 0 && ::read(told_.get(), &told, sizeof told) == sizeof told)
            return told >= once_unparked ? outcome::unparked : outcome::look_again;
        for (std::size_t i = 0; i < led.size(); ++i)
            if (watched[i + 1].revents != 0)
                led[i]->drive();
        if (limit_ && *limit_ <= std::chrono::steady_clock::now())
            return outcome::late;
    }
}

}  // namespace cofu::detail
