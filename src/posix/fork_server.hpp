// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The process that starts, signals and reaps the workers of all pools of one program. It is the
// program's own executable, has one thread and outlives neither the program nor its last worker.

#include <posix/launch_messages.hpp>
#include <posix/link_queue.hpp>
#include <posix/seqpacket.hpp>
#include <posix/stderr_tee.hpp>
#include <posix/worker_process.hpp>
#include <posix/worker_table.hpp>

#include <map>
#include <string>
#include <vector>

namespace cofu::detail {

class fork_server {
public:
    // `program` is that process's pidfd, `build` what it runs.
    fork_server(unique_fd control, unique_fd program, build_id const& build);

    [[noreturn]] void run();

private:
    struct pool_link {
        link_queue queue;
        bool retired = false;  // its workers go on without it
        bool is_ready = false;
    };
    struct happenings {
        bool child_ended = false;
        bool control = false;
    };
    using link_map = std::map<std::uint64_t, pool_link>;

    happenings wait();
    void copy_stderr();
    void write_the_rest();
    void reap_workers();
    void send_tail(link_queue& queue, launch_answer const& ended);
    void read_control();
    void read_link(link_map::iterator link);
    void open_link(unique_fd socket);
    void close_link(link_map::iterator link);
    void obey(link_map::iterator link, launch_request const& request, descriptors& fds);

    void start(link_map::iterator link, launch_request request, descriptors& fds);
    unique_fd tee_stderr(worker_setup& setup, descriptors& fds);
    pid_t make_worker(bool spawn, link_map::iterator link, launch_request const& request,
                      descriptors& fds, unique_fd& error_stream);
    [[noreturn]] void be_worker(worker_setup const& setup, descriptors& fds);
    void fail(link_map::iterator link, std::uint64_t id, int error, std::string const& text);
    [[noreturn]] void end_all();

    unique_fd control_;
    unique_fd program_;
    unique_fd image_;
    unique_fd children_;         // a signalfd: readable when a child ended
    build_id const build_;       // what it says of itself: in the words of who asked
    bool same_build_;            // nothing is started for another build
    std::string other_threads_;  // of the static initialisers, by name; empty: forking is safe
    bool has_rehearsed_ = false;
    std::uint64_t next_link_ = 0;
    link_map links_;
    worker_table workers_;
    std::map<pid_t, stderr_tee> tees_;
    std::vector<stderr_tee> unwritten_;  // of workers that are dead
};

// What a start request carries, in its order.
worker_descriptors take_worker_descriptors(worker_setup const& setup, descriptors& fds) noexcept;

}  // namespace cofu::detail
