// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A call of a function that is there, with any bytes as its data and arguments. (Which function a
// call names is for the program to say, and a worker takes its word.)

#include <cofu/detail/remote_call.hpp>

#include <cofu/error.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

using namespace cofu::detail;

namespace {

struct sum {
    int factor;
    std::vector<int> more;

    std::size_t operator()(std::stop_token, std::vector<std::string> words,
                           std::map<int, std::optional<std::string>> const& names, bool twice) const
    {
        return (words.size() + names.size() + more.size()) * (twice ? 2 : 1);
    }
};
using words = std::vector<std::string>;
using names = std::map<int, std::optional<std::string>>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    cofu::byte_writer call, result;
    encode_function_id(call, thunk_id<sum, words, names, bool>());
    call.write(data, size);
    try {
        run_encoded_call(call.bytes(), {}, result);
        cofu::byte_reader reader(result.bytes());
        decode_result<std::size_t>(reader);
        reader.expect_end();
    } catch (cofu::transport_error const&) {
    }
    return 0;
}
