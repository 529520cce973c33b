// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What the load asks and whether an answer is right.

#pragma once

#include <string>

#include "load.hpp"

namespace package_server {

struct question {
    endpoint about;
    std::string word;  ///< of a search
    package asked;     ///< of /packages and /digest
};

std::string target_of(question const& q);

/// Empty when the answer is right, otherwise what is wrong with it.
std::string check_answer(question const& q, unsigned status, std::string const& body);

}  // namespace package_server
