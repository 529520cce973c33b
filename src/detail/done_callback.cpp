// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/done_callback.hpp>

#include <cofu/pool_observer.hpp>

namespace cofu::detail {

void report_callback(shared_state& call, std::exception_ptr error) noexcept
{
    if (auto* const observer = call.observer())
        observer->callback_failed(std::move(error));
    else
        pool_observer().callback_failed(std::move(error));
}

}  // namespace cofu::detail
