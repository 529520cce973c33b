// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a pool gets its workers, and learns how they end.

#include <posix/fork_server_process.hpp>
#include <posix/launch_messages.hpp>
#include <posix/seqpacket.hpp>
#include <posix/unique_fd.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/types.h>

namespace cofu::detail {

// What a worker starts with. The descriptors stay the caller's, who closes its copies afterwards.
struct worker_start {
    std::uint64_t id = 0;  // the caller's name for it, used once
    start_method method = start_method::automatic;
    int channel = -1;  // the worker's end
    int page = -1;     // shared memory, or none
    std::size_t page_size = 0;
    worker_stderr stderr_to = worker_stderr::inherit;
};

struct launch_report {
    enum class kind {
        started,     // id, pid, pidfd
        failed,      // id, text: there is no such worker, and no more reports of it
        ended,       // id, pid, code, status, usage; text: why it never came to work, if so
        helper_lost  // text: workers go on, but nobody tells how they end; descriptor() has changed
    };

    kind what;
    std::uint64_t id = 0;
    pid_t pid = -1;
    unique_fd pidfd{};
    int code = 0;    // CLD_EXITED, CLD_KILLED, CLD_DUMPED
    int status = 0;  // its exit code or signal
    rusage usage{};
    std::string text{};
    std::string stderr_tail{};  // ended: the last it wrote there, if that is a tee
};

// One a pool. The process that starts workers is shared by all links of the program: it comes with
// the first start, and the end of the last link waits for its end (2 s at most).
//
// Workers do not end with the program's interest in them: a worker whose channel is closed ends at
// once, so one that shall end in good order is told through its channel. What a link still has when
// it is destroyed is killed.
//
// Thread safety: one thread at a time.
class launch_link {
public:
    // The statics of a large program take a while, under a sanitizer on a busy machine.
    static constexpr std::chrono::milliseconds default_hello_limit{30'000};

    // `executable`: what the workers run, if not this program; it calls worker_main and has the same
    // release of this library. `hello_limit`: how long a new process of it may take to reach main.
    explicit launch_link(std::chrono::milliseconds hello_limit = default_hello_limit,
                         std::string executable = {});
    ~launch_link();
    launch_link(launch_link const&) = delete;
    launch_link& operator=(launch_link const&) = delete;

    // Readable when receive() has something; -1 before the first start and while there is nobody to
    // hear from. It changes with helper_lost and with the first start only.
    int descriptor() const noexcept { return socket_.get(); }

    // Asks for a worker; a report follows. Throws std::system_error or invalid_state_error with
    // nothing asked.
    void start_worker(worker_start const& start);

    // Signals a worker and all that it started in its process group; nothing if it has ended or
    // was lost: such a worker is signalled by its pidfd.
    void kill_group(std::uint64_t id, int signal) noexcept;

    // The next report, or none yet. Called again until there is none.
    std::optional<launch_report> receive();

    // While somebody has not answered in time: when to call receive() although nothing is readable.
    std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept;

private:
    // A start that waits for the next fork server.
    struct waiting_start {
        launch_request request;
        std::vector<unique_fd> fds;
    };

    void connect();
    void give_up_connection(bool retire) noexcept;
    void lose_connection(std::string text);
    void send_waiting();
    void ask(launch_request const& request, std::vector<int> const& fds);
    void take(launch_answer const& answer, descriptors& fds, bool no_room);
    void take_hello(launch_answer const& answer);
    void take_started(launch_answer const& answer, unique_fd pidfd);
    void report_failure(std::uint64_t id, std::string text);

    std::uint64_t const epoch_;
    std::chrono::milliseconds const hello_limit_;
    std::string const executable_;
    std::shared_ptr<fork_server_process> server_;
    unique_fd socket_;
    bool leaving_ = false;  // starts wait until helper_lost was received
    std::optional<std::chrono::steady_clock::time_point> hello_until_;
    std::vector<std::uint64_t> asked_;            // and not answered
    std::map<std::uint64_t, std::string> notes_;  // of workers that will end so
    std::map<std::uint64_t, std::string> tails_;  // of those that are about to
    std::deque<waiting_start> waiting_;
    std::deque<launch_report> reports_;
};

}  // namespace cofu::detail
