// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/byte_reader.hpp>

#include <cofu/error.hpp>

#include <string>

namespace cofu {
namespace {

[[noreturn]] void fail_with(std::string const& what)
{
    throw transport_error(
        "the bytes that came from the other process make no sense: " + what
        + "; a serializer that reads other than it writes, or damaged memory there");
}

}  // namespace

void byte_reader::fail(char const* what) { fail_with(what); }

void byte_reader::throw_too_short(std::size_t wanted, std::size_t left)
{
    fail_with(std::to_string(wanted) + " more are needed and " + std::to_string(left)
              + " are left");
}

void byte_reader::throw_count(std::uint64_t count, std::size_t left)
{
    fail_with(std::to_string(count) + " elements do not fit into the " + std::to_string(left)
              + " bytes that are left");
}

void byte_reader::throw_trailing(std::size_t left)
{
    fail_with(std::to_string(left) + " are left over");
}

}  // namespace cofu
