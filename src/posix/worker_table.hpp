// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The workers that the fork server has started and not reaped.

#include <posix/launch_messages.hpp>

#include <functional>
#include <map>

#include <sys/types.h>

namespace cofu::detail {

class worker_table {
public:
    struct key {
        std::uint64_t link;
        std::uint64_t id;
    };

    bool empty() const noexcept { return workers_.empty(); }
    void add(pid_t process, key worker) { workers_.emplace(process, worker); }

    // Each worker's process group; not reaped, so no other process can have taken its number.
    void kill_group(key worker, int signal) const noexcept;
    void kill_groups_of(std::uint64_t link) const noexcept;
    void kill_all_groups() const noexcept;

    // Takes every child that ended out of the system's table, orphans that were left to this
    // process too, and with a worker the rest of its group. Tells how the workers ended.
    void reap(std::function<void(key, launch_answer const&)> const& ended);

private:
    std::map<pid_t, key> workers_;
};

// Kills what is left under this process, until nothing is or `limit_ms` are over.
void kill_descendants(int limit_ms) noexcept;

}  // namespace cofu::detail
