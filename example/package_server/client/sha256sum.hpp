// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What the program sha256sum says.

#pragma once

#include <map>
#include <string>
#include <vector>

namespace package_server {

using sums = std::map<std::string, std::string>;  ///< path, 64 hexadecimal digits

/// The sums of those paths that are readable regular files.
sums sha256sum(std::vector<std::string> const& paths);

}  // namespace package_server
