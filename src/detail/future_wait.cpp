// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/future_wait.hpp>

#include <boost/system/system_error.hpp>

namespace cofu::detail {

std::exception_ptr aborted_exception()
{
    return std::make_exception_ptr(boost::system::system_error(
        make_error_code(boost::asio::error::operation_aborted), "the wait was cancelled"));
}

}  // namespace cofu::detail
