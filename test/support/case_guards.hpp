// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Puts the watchdog and the leak guard around every test case; main.cpp installs it.
#pragma once

#include "leak_guard.hpp"
#include "watchdog.hpp"

namespace cofu::test {

/// A Boost.Test global configuration: made before the first case, destroyed after the last.
class case_guards
{
public:
    case_guards();

    /// The guard of the case that runs; null outside of cases.
    static leak_guard* current_leak_guard() noexcept;

private:
    watchdog watchdog_;
};

} // namespace cofu::test
