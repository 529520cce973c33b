// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "fail_nth.hpp"

#include "interpose.hpp"

#include <boost/assert.hpp>

namespace cofu::test {
namespace {

using detail::failure_plan;

// The model keeps the access from allocating, which would recurse.
[[gnu::tls_model("initial-exec")]] constinit thread_local failure_plan this_thread_plan;
constinit failure_plan process_plan;

failure_plan& plan(watched who) noexcept
{
    return who == watched::this_thread ? this_thread_plan : process_plan;
}

} // namespace

bool detail::allocation_strikes() noexcept
{
    bool const here = this_thread_plan.strikes();
    return process_plan.strikes() || here;
}

fail_allocation::fail_allocation(std::size_t k, watched who, failing mode) noexcept : who_(who)
{
    BOOST_ASSERT(!plan(who).armed);
    if (detail::allocation_functions_replaced)
        plan(who).arm(k, mode == failing::onward);
}

void fail_allocation::disarm() noexcept
{
    if (!armed_)
        return;
    plan(who_).armed = false;
    armed_ = false;
    fired_ = plan(who_).fired;
    seen_ = plan(who_).seen;
}

bool fail_allocation::fired() const noexcept
{
    return armed_ ? plan(who_).fired.load() : fired_;
}

std::size_t fail_allocation::seen() const noexcept
{
    return armed_ ? plan(who_).seen.load() : seen_;
}

} // namespace cofu::test
