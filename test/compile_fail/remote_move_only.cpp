// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// expect first: argument_number<1>
// expect first: because_of<connection>
// expect first: specialise cofu::serializer for it

#include <cofu/process_pool_executor.hpp>

#include <utility>

class connection {
public:
    connection(connection&&) = default;
    int number() const { return number_; }

private:
    int number_;
};

void send(cofu::process_pool_executor& pool, connection c)
{
    pool.submit([](connection given) { return given.number(); }, std::move(c));
}
