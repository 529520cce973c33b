// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: where nothing is shared
// expect: std::unique_ptr

#include <cofu/detail/remote_call.hpp>

#include <memory>

void send(cofu::byte_writer& to, std::shared_ptr<int> const& number)
{
    cofu::detail::encode_call(to, [](std::shared_ptr<int> n) { return *n; }, number);
}
