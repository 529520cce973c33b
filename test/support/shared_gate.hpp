// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A gate, with a count of those who came to it and a number, in memory that other processes of the
// same user can reach.
#pragma once

#include "gate.hpp"

#include <cstddef>
#include <cstdint>

namespace cofu::test {

/// The same names as `registered_gate`. The memory is reached through /proc, so nothing has a name
/// that could be left behind.
class shared_gate {
public:
    struct page;

    /// Trivially copyable, without pointers: may cross to another process. May be used after the
    /// gate is gone, which is then open.
    struct handle {
        int owner;
        int descriptor;
        std::uint64_t id;

        void arrive() const;
        /// Returns once the gate is open. Throws `wait_timed_out`.
        void wait() const;
        void arrive_and_wait() const;
        void open() const;
        /// A number kept beside the gate, 0 at first: what a call has to tell.
        void note(std::int64_t value) const;
        std::int64_t noted() const;
    };

    shared_gate();
    ~shared_gate();
    shared_gate(shared_gate const&) = delete;
    shared_gate& operator=(shared_gate const&) = delete;

    handle get_handle() const noexcept;
    void open();
    std::size_t arrived() const;
    /// Returns once at least `n` have come. Throws `wait_timed_out`.
    void wait_for_arrivals(std::size_t n) const;
    std::int64_t noted() const;

private:
    int descriptor_;
    page* page_;
};

} // namespace cofu::test
