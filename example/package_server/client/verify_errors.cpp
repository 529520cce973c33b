// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <boost/json.hpp>

#include "http_get.hpp"
#include "verify.hpp"

namespace package_server {

namespace json = boost::json;

std::string verify_errors(std::uint16_t port)
{
    std::pair<std::string, unsigned> const cases[] = {{"/packages/no-such-package", 404},
                                                      {"/digest/no-such-package", 404},
                                                      {"/nothing-here", 404},
                                                      {"/search", 400},
                                                      {"/packages/%zz", 400},
                                                      {std::string(3000, '/'), 414},
                                                      {std::string(9000, '/'), 431}};
    for (auto const& [target, status] : cases) {
        auto const answer = http_get(port, target);
        auto const shown = target.substr(0, 40);
        if (answer.status != status)
            return shown + ": status " + std::to_string(answer.status) + " instead of "
                   + std::to_string(status);
        if (!json::parse(answer.body).as_object().contains("error"))
            return shown + ": the answer says no reason";
    }
    return {};
}

}  // namespace package_server
