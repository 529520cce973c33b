// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// An answer other than 200 OK, thrown by whoever finds out.

#pragma once

#include <boost/beast/http/status.hpp>

#include <ostream>  // which status.hpp of Boost 1.81 needs and does not include
#include <stdexcept>
#include <string>

namespace package_server {

namespace http = boost::beast::http;

/// what() is one line for the person who asked: what is wrong and what to do.
class http_error : public std::runtime_error {
public:
    http_error(http::status status, std::string const& message)
        : std::runtime_error(message), status_(status)
    {}
    http::status status() const noexcept { return status_; }

private:
    http::status status_;
};

}  // namespace package_server
