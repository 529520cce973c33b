// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/future_base.hpp>

#include <cofu/error.hpp>

#include <ostream>

namespace cofu::detail {

shared_state& checked_state(future_base const& f)
{
    if (!f.valid())
        throw invalid_state_error("a future among those to wait for is empty");
    return *future_access::state(f);
}

boost::asio::any_io_executor future_base::get_executor() const
{
    return checked().executor();
}

void future_base::throw_not_done() const
{
    if (!state_)
        throw invalid_state_error(
            "the future is empty: default-constructed, moved from, or awaited as an rvalue");
    throw timeout_error();
}

std::exception_ptr future_base::exception() const
{
    return exception_until(std::nullopt);
}

std::exception_ptr future_base::exception_until(deadline const& limit) const
{
    wait_or_throw(limit);
    if (state_->state() == future_state::cancelled)
        throw cancelled_error();
    return state_->failure();
}

std::ostream& operator<<(std::ostream& os, future_base const& f)
{
    if (!f.valid())
        return os << "<future empty>";
    f.state_->print(os);
    return os;
}

}  // namespace cofu::detail
