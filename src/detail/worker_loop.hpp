// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A worker's side of its channel, from the handshake to its end.

#include "../posix/unique_fd.hpp"
#include "frame.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace cofu::detail {

struct worker_endpoint {
    unique_fd channel;
    unique_fd parent_pidfd;  // readable when the program is gone; watched by others
    void* page = nullptr;    // the claim page, mapped
    std::size_t page_size = 0;
};

// What became of a call: value, exception or transport_failure, and its payload.
struct call_answer {
    frame_type kind;
    std::span<std::byte const> payload;  // until the next call
};

// Decodes and runs one call and encodes the answer, of at most max_message bytes.
using call_runner = call_answer (*)(std::span<std::byte const> call, std::stop_token stop,
                                    std::uint64_t max_message) noexcept;

// Says "ready", then runs the calls that arrive until the parent says quit or closes the channel.
// Returns 0; 1 where the channel failed or the parent broke the protocol. Once a process.
int run_worker(worker_endpoint endpoint, call_runner run, std::string const& build_id);

// With what this library can run.
int run_worker(worker_endpoint endpoint);

// In a process that is to fork workers: does once what each of them would do for its first call, so
// that they inherit it.
void rehearse_a_call() noexcept;

// What `ready` says of the build.
std::string own_build();

// Whether a worker that said that is one for this program. One of its own program must be of the
// same build; one of another executable must have the same release of this library, and each
// function is looked for by the build of the library that it is in.
bool is_fitting_build(std::string_view said, bool is_own_program);

}  // namespace cofu::detail
