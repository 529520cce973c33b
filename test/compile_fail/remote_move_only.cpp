// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: because_of<connection>
// expect: specialise cofu::serializer for it

#include <cofu/detail/remote_call.hpp>

class connection {
public:
    connection(connection&&) = default;
    int number() const { return number_; }

private:
    int number_;
};

void send(cofu::byte_writer& to, connection const& c)
{
    cofu::detail::encode_call(to, [](connection given) { return given.number(); }, c);
}
