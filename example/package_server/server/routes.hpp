// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What each address answers.

#pragma once

#include "connection.hpp"
#include "work.hpp"

namespace package_server {

/// Answers the request on the connection. Throws http_error for an answer other than 200.
asio::awaitable<void> route(request const& asked, connection& client, work& slow,
                           bool unsafe);

/// {"error": "..."} with the status.
asio::awaitable<void> send_error(connection& client, http::status status, std::string message);

}  // namespace package_server
