// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What the program and its fork server say to each other; both are the same executable.
//
//     program --begin {nonce}, its own pidfd-------------------> fork server   the control socket
//     program --open_link, one end of a new socket-------------> fork server
//     program --end: leave when no worker is left--------------> fork server
//
//     program --start {id, method}, channel, page--------------> fork server   a link, one a pool
//     program --kill_group {id, signal}, close_link, retire----> fork server
//     program <-hello, started + pidfd, failed, tail, ended----- fork server
//
//     fork server --begin {nonce, a start}, channel, page, ... > spawned worker

#include <cofu/start_method.hpp>
#include <posix/build_id.hpp>

#include <array>
#include <cstdint>

#include <sys/resource.h>

namespace cofu::detail {

inline constexpr std::uint32_t launch_magic = 0x75666f63;
inline constexpr std::uint32_t launch_version = 1;

using launch_nonce = std::array<char, 33>;  // 32 hexadecimal digits and a zero

// What a worker starts with. Its descriptors, where it has them: channel, page, standard error.
struct worker_setup {
    start_method method = start_method::automatic;
    worker_stderr stderr_to = worker_stderr::inherit;
    std::uint32_t has_page = 0;
    std::uint32_t has_stderr = 0;  // the fork server's own doing, for a tee
    std::uint64_t page_size = 0;
    std::uint32_t depth = 0;  // 1: a worker of the program, 2: a worker of such a worker, ...
};

enum class request_kind : std::uint32_t {
    begin,       // to a new process: who is asking
    open_link,   // a pool more
    start,       // a worker
    kill_group,  // a worker and what it started
    close_link,  // the pool ends, and what it left
    retire,      // the pool goes on with another fork server; its workers here go on too
    end          // the program needs this fork server no more
};

struct launch_request {
    std::uint32_t magic = launch_magic;
    std::uint32_t version = launch_version;
    request_kind kind = request_kind::begin;
    std::int32_t signal = 0;
    std::uint64_t id = 0;
    launch_nonce nonce{};
    build_id build;
    worker_setup setup;

    bool is_ours() const noexcept { return magic == launch_magic && version == launch_version; }
};

enum class report_kind : std::uint32_t {
    hello,  // the first on a link
    started,
    failed,       // there is no worker; text and errno say why
    note,         // by the worker itself: why it will end without having been one
    stderr_tail,  // before the end of a worker with tee: `status` bytes of text more
    ended
};

struct launch_answer {
    std::uint32_t magic = launch_magic;
    std::uint32_t version = launch_version;
    report_kind kind = report_kind::hello;
    std::int32_t process = 0;
    std::uint64_t id = 0;
    std::int32_t code = 0;    // CLD_EXITED, CLD_KILLED, CLD_DUMPED
    std::int32_t status = 0;  // the exit code or signal
    std::int32_t error = 0;   // errno of what failed
    build_id build;
    rusage usage{};
    char text[512] = {};  // what failed

    bool is_ours() const noexcept { return magic == launch_magic && version == launch_version; }
};

}  // namespace cofu::detail
