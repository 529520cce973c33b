// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What several tests of process pools begin or end with.

#include <cofu/error.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <stdexcept>

namespace cofu::test {

/// Options of a pool whose own I/O runs on `io`.
template <class Kind>
auto on(boost::asio::io_context& io, std::size_t workers = 1)
{
    auto options = Kind::workers(workers);
    options.io = io.get_executor();
    return options;
}

/// How the worker of this call died; throws std::logic_error if it did not.
template <class Future>
worker_crashed crash_of(Future const& f)
{
    try {
        f.result();
    } catch (worker_crashed const& e) {
        return e;
    }
    throw std::logic_error("the call did not crash");
}

}  // namespace cofu::test
