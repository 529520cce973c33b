// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "leak_guard.hpp"

#include "case_guards.hpp"

namespace cofu::test {

std::string leak_guard::left_over(std::chrono::milliseconds limit) const
{
    std::vector<std::string> lines;
    auto nothing_left = [&] {
        lines = before_.left_over(process_snapshot::take());
        return lines.empty();
    };
    poll_until(nothing_left, limit);
    std::string text;
    for (auto const& line : lines)
        text += "\n  " + line;
    return text.empty() ? text : "left behind:" + text;
}

void allow_process_wide(std::function<void()> const& warm_up)
{
    auto const before = process_snapshot::take();
    warm_up();
    auto const after = process_snapshot::take();
    if (leak_guard* guard = case_guards::current_leak_guard())
        guard->accept(before, after);
}

} // namespace cofu::test
