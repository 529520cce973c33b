// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: cofu::as_future
// expect: co_spawn

#include <cofu/detail/remote_call.hpp>

#include <boost/asio/awaitable.hpp>

boost::asio::awaitable<int> answer();

void send(cofu::byte_writer& to)
{
    cofu::detail::encode_call(to, answer);
}
