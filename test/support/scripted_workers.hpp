// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Worker processes that do what a test tells them, a line a command, and the link that starts them.
#pragma once

#include "poll.hpp"
#include "sanitizers.hpp"

#include <posix/worker_launcher.hpp>

#include <csignal>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cofu::test {

/// A command that workers of this program know: "NAME ARGUMENT" is answered by what `f(ARGUMENT)`
/// returns. Define it at namespace scope, so that the workers' own image has it too.
struct worker_command {
    worker_command(std::string name, std::function<std::string(std::string)> f);
};

/// What became of a worker.
struct scripted_worker {
    pid_t pid = -1;
    cofu::detail::unique_fd pidfd;
    cofu::detail::unique_fd channel;
    bool started = false;
    std::string failure;                               ///< it never came to be, for this reason
    std::optional<cofu::detail::launch_report> ended;  ///< how it ended

    /// Sends a command.
    void tell(std::string const& command);
    /// The next answer; empty when the worker has ended.
    std::string answer();
    /// Both.
    std::string ask(std::string const& command);
    /// True: its pidfd says that it has ended, within the limit.
    bool is_gone(std::chrono::milliseconds limit = default_limit) const;
};

/// A link with the workers that it started.
class scripted_workers {
public:
    explicit scripted_workers(
        std::chrono::milliseconds hello_limit = cofu::detail::launch_link::default_hello_limit,
        std::string executable = {})
        : link_(std::in_place, hello_limit, std::move(executable))
    {}

    /// Starts one and waits until its start was reported.
    scripted_worker& start(start_method method = start_method::forkserver);
    /// The same with these settings; the channel and the id are filled in.
    scripted_worker& start(cofu::detail::worker_start setup);
    /// Waits for the report of its end.
    cofu::detail::launch_report const& end_of(scripted_worker& worker);

    cofu::detail::launch_link& link() { return *link_; }
    /// How often the process that starts workers was lost.
    std::size_t helpers_lost() const { return lost_; }
    /// Takes reports until it is so; false when the limit is over.
    bool take_reports(std::function<bool()> const& enough);
    /// Ends the link.
    void close() { link_.reset(); }

private:
    void take(cofu::detail::launch_report report);

    std::optional<cofu::detail::launch_link> link_;
    std::map<std::uint64_t, scripted_worker> workers_;
    std::size_t lost_ = 0;
};

}  // namespace cofu::test
