// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "fail_nth.hpp"

#include "poll.hpp"
#include "process_snapshot.hpp"

#include <cofu/release_memory.hpp>

#include <boost/test/unit_test.hpp>

namespace cofu::test::detail {

failure_round::failure_round(char const* kind, std::size_t k) noexcept
    : kind_(kind), k_(k), states_(live_states())
{
    cofu::release_memory(); // so that a call's memory is an allocation
}

void failure_round::check() const
{
    if (!poll_until([this] { return live_states() <= states_; }))
        BOOST_ERROR("after the failure of " << kind_ << " " << k_ << ": " << live_states()
                                            << " live shared states, were " << states_);
}

void report_unbounded(char const* kind, std::size_t limit)
{
    BOOST_ERROR("still failing after " << limit << " rounds of " << kind << " failure");
}

} // namespace cofu::test::detail
