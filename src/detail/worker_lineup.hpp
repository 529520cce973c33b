// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The workers of a process pool, and which of them can be given a call.

#include "process_pool_action.hpp"
#include "record_table.hpp"
#include "worker_line.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace cofu::detail {

enum class worker_phase : std::uint8_t {
    booting,       // asked for; has not said "ready"
    initializing,  // runs the initializer
    ready,         // takes calls
    closing,       // was told that nothing more comes; ends in order
    condemned,     // its channel is gone, or it is being killed; takes no calls any more
    dead           // its exit status is awaited
};

// How far the ending of its first call (or of itself) has come.
enum class ladder_step : std::uint8_t {
    none,
    looking,        // the channel is read once more before ...
    asked,          // ... a stop and SIGTERM
    looking_again,  // the channel is read once more before ...
    killed          // ... SIGKILL
};

struct worker_record {
    static constexpr auto never = pool_clock::time_point::max();

    worker_id id = 0;
    record_index next = no_record;  // in the line-up, or among the free records
    record_index previous = no_record;
    std::uint8_t shelf = 0;  // of the line-up; 0: none
    worker_phase phase = worker_phase::booting;
    ladder_step step = ladder_step::none;
    bool has_booted = false;
    bool died_booting = false;
    int pid = 0;                                // 0: not known yet
    std::optional<call_end> blame;              // why it is ended; how its first call ends by that
    std::optional<exit_status> status;
    pool_clock::time_point deadline = never;    // of its phase and step, or of its first call
    pool_clock::time_point front_since{};       // when its first call became the first
    std::size_t tasks = 0;                      // sent to it and not taken back
    worker_line line;
};

using worker_table = record_table<worker_record>;

// Ready workers on shelves by the number of calls sent to them, the last used first.
class worker_lineup {
public:
    explicit worker_lineup(worker_table& workers) noexcept : workers_(workers)
    {
        shelves_.fill(no_record);
    }
    worker_lineup(worker_lineup const&) = delete;
    worker_lineup& operator=(worker_lineup const&) = delete;

    // Puts it where it belongs now. Exhausted: it takes no more calls, but may be relieved of some.
    void place(record_index worker, bool exhausted) noexcept
    {
        remove(worker);
        auto& record = workers_[worker];
        auto const shelf = exhausted ? exhausted_shelf : first_shelf + record.line.size();
        record.shelf = static_cast<std::uint8_t>(shelf);
        record.previous = no_record;
        record.next = shelves_[shelf];
        if (record.next != no_record)
            workers_[record.next].previous = worker;
        shelves_[shelf] = worker;
        idle_ += shelf == first_shelf;
    }

    void remove(record_index worker) noexcept
    {
        auto& record = workers_[worker];
        if (record.shelf == 0)
            return;
        if (record.previous != no_record)
            workers_[record.previous].next = record.next;
        else
            shelves_[record.shelf] = record.next;
        if (record.next != no_record)
            workers_[record.next].previous = record.previous;
        idle_ -= record.shelf == first_shelf;
        record.shelf = 0;
    }

    std::size_t idle() const noexcept { return idle_; }

    // The one with the fewest calls, of those with less than `depth`.
    record_index least_loaded(std::size_t depth) const noexcept
    {
        for (std::size_t load = 0; load < depth; ++load) {
            if (shelves_[first_shelf + load] != no_record)
                return shelves_[first_shelf + load];
        }
        return no_record;
    }

    // The slot of a call that waits behind another one, on the worker with the most.
    struct waiting_call {
        record_index worker = no_record;
        unsigned slot = 0;
    };

    waiting_call find_waiting() noexcept
    {
        for (auto shelf = exhausted_shelf; shelf > first_shelf + 1; --shelf) {
            for (auto w = shelves_[shelf]; w != no_record; w = workers_[w].next) {
                auto& line = workers_[w].line;
                for (std::size_t place = 1; place < line.size(); ++place) {
                    auto const slot = line.slot_at(place);
                    if (line.in_slot(slot).state == worker_line::mark::sent)
                        return {w, slot};
                }
            }
        }
        return {};
    }

private:
    static constexpr std::size_t first_shelf = 1;  // 0: not in the line-up
    static constexpr std::size_t exhausted_shelf = first_shelf + claim_slots + 1;

    worker_table& workers_;
    std::array<record_index, exhausted_shelf + 1> shelves_;
    std::size_t idle_ = 0;
};

}  // namespace cofu::detail
