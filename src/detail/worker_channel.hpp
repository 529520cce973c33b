// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// One worker process of a pool, as its pool holds it: channel, claim page, pidfd, and the calls
// that were sent to it.

#include "../posix/claim_page.hpp"
#include "../posix/unique_fd.hpp"
#include "frame_reader.hpp"
#include "process_pool_action.hpp"

#include <cofu/detail/process_task.hpp>

#include <boost/container/static_vector.hpp>

#include <span>
#include <string>
#include <vector>

namespace cofu::detail {

class worker_channel {
public:
    worker_channel(worker_id id, std::size_t max_message) noexcept
        : id(id), reader(frame_side::parent, max_message)
    {
    }

    worker_id const id;
    unique_fd channel;  // non-blocking
    unique_fd pidfd;
    claim_page page;
    frame_reader reader;
    // Calls not answered yet, in order; the first is the next, or runs.
    boost::container::static_vector<call_id, claim_slots> sent;
    std::string stderr_tail;   // the end of what it wrote there, once it has ended
    std::string start_note;   // why it could not become a worker, where the helper knows
    bool is_ready = false;     // its handshake came
    bool is_lost = false;      // its channel is at its end
    bool is_unflushed = false;    // the pool is to call flush()
    bool waits_for_room = false;  // the poller was asked to tell when more can be written

    // Its process is there; its handshake and answers may have come before this.
    void has_process(unique_fd descriptor) noexcept;
    // Sends SIGTERM, or does so once its process is known.
    void terminate() noexcept;

    // Adds a frame to what flush() writes. A long payload is written at once where nothing waits
    // before it. False: out of memory, or the channel failed.
    bool send(frame_header const& header, std::span<std::byte const> payload) noexcept;
    // True: nothing is left to be written, or the channel failed, which reading will find out.
    bool flush() noexcept;
    bool has_unsent() const noexcept { return unsent_begin_ != unsent_.size(); }

private:
    bool append(std::span<std::byte const> bytes) noexcept;

    std::vector<std::byte> unsent_;
    std::size_t unsent_begin_ = 0;
    bool owes_sigterm_ = false;  // asked for before its process was known
};

}  // namespace cofu::detail
