// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "watchdog.hpp"

#include "process_snapshot.hpp"
#include "sanitizers.hpp"
#include "stack_dump.hpp"

#include <boost/test/framework.hpp>

#include <csignal>
#include <cstdlib>
#include <map>
#include <pthread.h>
#include <unistd.h>
#include <utility>

namespace cofu::test {
namespace {

namespace ut = boost::unit_test;

constexpr unsigned default_seconds = 10;

std::map<ut::test_unit_id, unsigned>& limits()
{
    static std::map<ut::test_unit_id, unsigned> instance;
    return instance;
}

unsigned seconds_for(ut::test_unit const& unit)
{
    for (auto id = unit.p_id.get(); id != ut::INV_TEST_UNIT_ID;
         id = ut::framework::get(id, ut::TUT_ANY).p_parent_id)
        if (auto const found = limits().find(id); found != limits().end())
            return found->second;
    return default_seconds;
}

double scale_from_environment()
{
    char const* text = std::getenv("COFU_TEST_TIMEOUT");
    return text ? std::atof(text) / default_seconds : 1.0;
}

[[noreturn]] void end_process(std::string const& name)
{
    print_line("\nwatchdog: " + name + " ran past its limit; the stacks of its threads:");
    print_all_stacks(getpid());
    for (auto const& [child, command] : children_of_this_process())
    {
        print_line("watchdog: child process " + std::to_string(child) + " (" + command + "):");
        print_all_stacks(child);
        kill(child, SIGKILL);
    }
    print_line("watchdog: " + name + " FAILED: it did not end in time");
    _exit(watchdog_exit_status);
}

} // namespace

std::optional<std::chrono::milliseconds> time_limit::of(ut::test_unit const& unit)
{
    static double const scale = scale_from_environment();
    if (scale <= 0)
        return std::nullopt;
    auto const seconds = seconds_for(unit) * scale * time_factor;
    return std::chrono::milliseconds(static_cast<long long>(seconds * 1000));
}

void time_limit::apply(ut::test_unit& unit)
{
    limits()[unit.p_id] = seconds_;
}

ut::decorator::base_ptr time_limit::clone() const
{
    return ut::decorator::base_ptr(new time_limit(seconds_));
}

watchdog::watchdog() : thread_([this] { run(); })
{
    pthread_setname_np(thread_.native_handle(), "watchdog");
}

watchdog::~watchdog()
{
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

void watchdog::arm(std::string name, std::chrono::milliseconds limit)
{
    std::lock_guard lock(mutex_);
    name_ = std::move(name);
    deadline_ = std::chrono::steady_clock::now() + limit;
    changed_.notify_all();
}

void watchdog::disarm()
{
    std::lock_guard lock(mutex_);
    deadline_.reset();
    changed_.notify_all();
}

void watchdog::run()
{
    std::unique_lock lock(mutex_);
    while (!stop_)
    {
        if (!deadline_)
            changed_.wait(lock);
        else if (std::chrono::steady_clock::now() >= *deadline_)
            end_process(name_);
        else
            changed_.wait_until(lock, *deadline_);
    }
}

} // namespace cofu::test
