// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// How a stop reaches the call that a worker runs. The parent writes the call's id into the page's
// stop word, then sends SIGTERM. The handler lets a call that takes a stop_token be told by a thread
// of its own, and the process of any other one end. A stop for a call that is over hits nobody.

#include "../posix/claim_page.hpp"

#include <cstdint>
#include <stop_token>

namespace cofu::detail {

// Of the one worker that this process is; never undone.
void install_stop_handler(claim_page_layout& page) noexcept;

// On the thread that runs calls, around each of them.
class running_call {
public:
    // The token of a call that takes none is empty, and costs nothing.
    running_call(std::uint64_t call, bool stoppable);
    ~running_call();
    running_call(running_call const&) = delete;
    running_call& operator=(running_call const&) = delete;

    // Once the call is claimed: obeys a stop that came before.
    std::stop_token begin() noexcept;

private:
    std::uint64_t call_;
    bool has_begun_ = false;
    std::stop_source source_{std::nostopstate};
};

}  // namespace cofu::detail
