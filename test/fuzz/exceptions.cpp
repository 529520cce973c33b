// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Any bytes in place of an exception: there is always one, and it can be sent again.

#include <cofu/detail/remote_exception.hpp>

#include <cofu/register_exception.hpp>

#include <cstdint>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>

using namespace cofu::detail;

namespace {

struct numbered : std::runtime_error {
    numbered(std::string const& text, int n) : runtime_error(text), number(n) {}
    int number;
};

}  // namespace

template <>
struct cofu::serializer<numbered> {
    static void write(byte_writer& to, numbered const& e) { encode(to, e.number); }
    static numbered read(byte_reader& from) { return {"numbered", decode<int>(from)}; }
};

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static bool const registered = cofu::register_exception<numbered>();
    cofu::byte_reader reader(std::as_bytes(std::span(data, size)));
    auto const error = decode_exception(reader);
    if (!error || !registered)
        std::abort();
    cofu::byte_writer writer;
    encode_exception(writer, error);
    cofu::byte_reader again(writer.bytes());
    if (!decode_exception(again) || again.left() != 0)
        std::abort();
    return 0;
}
