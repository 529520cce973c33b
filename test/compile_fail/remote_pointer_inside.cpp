// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: job
// expect: because_of<int*>
// expect: a pointer can't cross to another process

#include <cofu/detail/remote_call.hpp>

#include <vector>

struct job {
    int number;
    std::vector<int*> places;
};

void send(cofu::byte_writer& to, job const& j)
{
    cofu::detail::encode_call(to, [](job const& given) { return given.number; }, j);
}
