// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "credentials.hpp"

#include <sys/prctl.h>
#include <unistd.h>

namespace cofu::detail {

credentials credentials::current()
{
    credentials now;
    now.user = geteuid();
    now.group = getegid();
    if (int const count = getgroups(0, nullptr); count > 0) {
        now.groups.resize(static_cast<std::size_t>(count));
        int const written = getgroups(count, now.groups.data());
        now.groups.resize(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    now.no_new_privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    return now;
}

}  // namespace cofu::detail
