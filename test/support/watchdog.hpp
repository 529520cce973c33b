// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Turns a hang into a failure: a case that runs past its limit ends the process, after every
// thread's stack was printed. The limit is 10 s, times 10 under a sanitizer; `* time_limit(60)` on
// a case or a suite gives another. COFU_TEST_TIMEOUT scales all of them: 20 doubles them, 0
// switches the watchdog off.
#pragma once

#include <boost/test/tree/decorator.hpp>
#include <boost/test/tree/test_unit.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace cofu::test {

/// The exit status of a process that the watchdog ended.
inline constexpr int watchdog_exit_status = 70;

/// A decorator: the limit of a test case, or of each case of a suite.
/// Units: seconds, before the scaling by sanitizer and COFU_TEST_TIMEOUT.
class time_limit : public boost::unit_test::decorator::base
{
public:
    explicit time_limit(unsigned seconds) : seconds_(seconds) {}

    /// The scaled limit of this case; none when the watchdog is off.
    static std::optional<std::chrono::milliseconds> of(boost::unit_test::test_unit const& unit);

private:
    void apply(boost::unit_test::test_unit& unit) override;
    boost::unit_test::decorator::base_ptr clone() const override;

    unsigned seconds_;
};

/// A thread that waits for deadlines.
class watchdog
{
public:
    watchdog();
    ~watchdog();

    /// From now on `name` has `limit` to end.
    void arm(std::string name, std::chrono::milliseconds limit);
    void disarm();

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::string name_;                                              // under mutex_
    std::optional<std::chrono::steady_clock::time_point> deadline_; // under mutex_
    bool stop_ = false;                                             // under mutex_
    std::thread thread_; // the last member: it uses the others
};

} // namespace cofu::test
