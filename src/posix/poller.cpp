// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "poller.hpp"

#include "poll_until.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

namespace cofu::detail {

namespace {

constexpr std::uint64_t timer_tag = ~std::uint64_t(0);

unique_fd checked(int fd, char const* call)
{
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(),
                                std::string("process_pool_executor: ") + call);
    return unique_fd(fd);
}

bool control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t tag) noexcept
{
    epoll_event e{};
    e.events = events;
    e.data.u64 = tag;
    return ::epoll_ctl(epoll, operation, fd, &e) == 0;
}

void drain(int fd) noexcept
{
    std::uint64_t count;
    [[maybe_unused]] auto const n = ::read(fd, &count, sizeof count);
}

}  // namespace

poller::poller()
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      timer_(checked(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                     "timerfd_create"))
{
    if (!add(timer_.get(), timer_tag))
        throw std::system_error(errno, std::generic_category(),
                                "process_pool_executor: epoll_ctl");
}

bool poller::add(int fd, std::uint64_t tag) noexcept
{
    return control(epoll_.get(), EPOLL_CTL_ADD, fd, EPOLLIN, tag);
}

void poller::watch_room(int fd, std::uint64_t tag, bool watch) noexcept
{
    control(epoll_.get(), EPOLL_CTL_MOD, fd, watch ? EPOLLIN | EPOLLOUT : EPOLLIN, tag);
}

void poller::remove(int fd) noexcept
{
    control(epoll_.get(), EPOLL_CTL_DEL, fd, 0, 0);
}

void poller::wake() noexcept
{
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const n = ::write(wake_.get(), &one, sizeof one);
}

void poller::set_deadline(std::optional<time_point> deadline) noexcept
{
    // One that is past may have been told already.
    if (deadline == deadline_ && (!deadline || *deadline > time_point::clock::now()))
        return;
    deadline_ = deadline;
    itimerspec t{};
    if (deadline) {
        // steady_clock is CLOCK_MONOTONIC; all zeros would disarm the timer.
        auto const since = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               deadline->time_since_epoch())
                               .count();
        auto const ns = std::max<long long>(since, 1);
        t.it_value.tv_sec = static_cast<time_t>(ns / 1'000'000'000);
        t.it_value.tv_nsec = static_cast<long>(ns % 1'000'000'000);
    }
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &t, nullptr);
}

std::span<poller::event> poller::wait(std::span<event> room, bool block,
                                      std::optional<time_point> limit) noexcept
{
    if (block) {
        pollfd watched[] = {{epoll_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
        poll_until(watched, limit);
        if (watched[1].revents != 0)
            drain(wake_.get());
    }
    constexpr std::size_t most = 64;
    epoll_event events[most];
    int const most_events = static_cast<int>(std::min(most, room.size()));
    int const n = ::epoll_wait(epoll_.get(), events, most_events, 0);
    std::size_t count = 0;
    for (int i = 0; i < n; ++i) {
        auto const& e = events[i];
        if (e.data.u64 == timer_tag)
            drain(timer_.get());
        else
            room[count++] = {e.data.u64, (e.events & ~EPOLLOUT) != 0, (e.events & EPOLLOUT) != 0};
    }
    return room.first(count);
}

}  // namespace cofu::detail
