// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The target of a request, taken apart.

#pragma once

#include <string>
#include <string_view>

namespace package_server {

struct url {
    std::string path;   ///< decoded, "/packages/libstdc++6"
    std::string query;  ///< as it was sent, without the '?'
};

/// Throws http_error bad_request where a '%' is not followed by two hexadecimal digits.
url parse_url(std::string_view target);

/// The decoded value of ?name=VALUE; empty if there is none. Throws as parse_url does.
std::string query_value(url const& u, std::string_view name);

/// The text with everything but letters, digits and "-._~" written as %XX.
std::string percent_encode(std::string_view text);

}  // namespace package_server
