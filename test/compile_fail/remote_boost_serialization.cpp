// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect: argument_number<1>
// expect: include <cofu/boost_serialization.hpp>

#include <cofu/detail/remote_call.hpp>

class account {
public:
    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive & cents_;
    }

private:
    long cents_ = 0;
};

void send(cofu::byte_writer& to, account const& a)
{
    cofu::detail::encode_call(to, [](account) {}, a);
}
