// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Calls, and queues whose positions and counters start where they wrap.

#include "support/stepped_atomics.hpp"

#include <detail/ready_queues.cpp>

#include <cstddef>
#include <cstdint>

namespace cofu::test {

using namespace cofu::detail;

// Positions and ages, which are private, to start them where they wrap.
template <class Tag, auto Member>
struct exposed {
    friend constexpr auto member_of(Tag) { return Member; }
};
struct begin_tag {
    friend constexpr auto member_of(begin_tag);
};
struct end_tag {
    friend constexpr auto member_of(end_tag);
};
struct ages_tag {
    friend constexpr auto member_of(ages_tag);
};
struct stepped_ages_tag {
    friend constexpr auto member_of(stepped_ages_tag);
};
template struct exposed<begin_tag, &entry_ring::begin_>;
template struct exposed<end_tag, &entry_ring::end_>;
template struct exposed<stepped_ages_tag, &basic_ready_queues<stepped_atomics<>>::ages_>;
template struct exposed<ages_tag, &ready_queues::ages_>;

template <class Atomics>
void start_at(std::size_t n, basic_local_queue<Atomics>& local)
{
    local.submitted.*member_of(begin_tag()) = static_cast<std::uint32_t>(n);
    local.submitted.*member_of(end_tag()) = static_cast<std::uint32_t>(n);
    local.starts = static_cast<unsigned>(n);
}

inline void start_at(std::size_t n, ready_queues& queues)
{
    (queues.*member_of(ages_tag())).handed_out.store(static_cast<std::uint32_t>(n));
}
inline void start_at(std::size_t n, basic_ready_queues<stepped_atomics<>>& queues)
{
    (queues.*member_of(stepped_ages_tag())).handed_out.store(static_cast<std::uint32_t>(n));
}

struct counted_call final : queue_entry {
    bool is_call() const noexcept override { return true; }
    void run(worker_seat&) noexcept override {}
    void withdraw() noexcept override {}
    bool fail(std::exception_ptr (*)(void*) noexcept, void*) noexcept override { return true; }

    std::size_t number = 0;
    bool submits = false;
    std::size_t runs = 0;
};

inline constexpr auto admit = [](auto const&) { return true; };

}  // namespace cofu::test
