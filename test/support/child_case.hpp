// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Runs one case of this test program in a process of its own, for cases that end their process or
// are meant to fail.
#pragma once

#include <string>
#include <vector>

namespace cofu::test {

/// How it ended.
struct child_case_result
{
    int exit_status = -1; ///< or -1 when a signal ended it
    int signal = 0;       ///< that signal, or 0
    std::string output;   ///< standard output and error
};

/// Runs the case `name`, a path like "suite/case", disabled ones too, with these additions to the
/// environment, each "NAME=value". Returns when it has ended. Throws `std::system_error` when the
/// process cannot be made.
child_case_result run_case_in_child(
    std::string const& name, std::vector<std::string> const& environment = {});

/// Runs any program in the same way; its descriptor 3 is `descriptor` if that is given. The
/// arguments come after its name.
child_case_result run_program(std::string const& path, std::vector<std::string> const& arguments,
    std::vector<std::string> const& environment = {}, int descriptor = -1);

} // namespace cofu::test
