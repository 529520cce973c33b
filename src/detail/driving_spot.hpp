// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Where one thread waits for another, as in a parking_spot, and runs the I/O of pools meanwhile.

#include "../posix/unique_fd.hpp"
#include "pool_io.hpp"

#include <cofu/detail/deadline.hpp>
#include <cofu/detail/shared_state.hpp>

#include <list>
#include <span>
#include <vector>

namespace cofu::detail {

// The pools of these calls whose I/O is on the current thread to run.
std::vector<boost::intrusive_ptr<pool_io>> io_to_drive(std::span<shared_state* const> calls);

class driving_spot {
public:
    enum class outcome { unparked, late, look_again };

    // Throws std::system_error.
    explicit driving_spot(deadline const& limit);
    ~driving_spot();
    driving_spot(driving_spot const&) = delete;
    driving_spot& operator=(driving_spot const&) = delete;

    // The thread that waits, before it does: one more pool, unless it is known already.
    void drive_also(boost::intrusive_ptr<pool_io> pool);

    // The last touch of it.
    void unpark() noexcept;
    // The next or present park() returns early.
    void look_again() noexcept;

    // An interruption point on threads of Boost.Thread.
    outcome park();

private:
    void ask_for_turns() noexcept;

    deadline const limit_;
    unique_fd told_;  // counts: see unpark and look_again
    std::list<io_turn> turns_;
};

}  // namespace cofu::detail
