// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/remote_call.hpp>

#include <cofu/detail/exception_text.hpp>
#include <cofu/detail/passing_exception.hpp>
#include <cofu/error.hpp>

#include <exception>
#include <string>

namespace cofu::detail {
namespace {

void run(byte_reader& call, std::stop_token token, byte_writer& result, run_stage& stage)
{
    call.allow_functions();
    void* const thunk = find_function(decode_function_id(call));
    reinterpret_cast<remote_thunk*>(thunk)(call, std::move(token), result, stage);
}

}  // namespace

void rethrow_as_transport_error(char const* what)
{
    try {
        throw;
    } catch (transport_error const&) {
        throw;
    } catch (...) {
        auto const cause = exception_text(std::current_exception());
        std::throw_with_nested(transport_error(std::string(what) + ": " + cause));
    }
}

void run_encoded_call(std::span<std::byte const> call, std::stop_token token, byte_writer& result)
{
    byte_reader reader(call);
    std::size_t const before = result.size();
    auto stage = run_stage::decoding;
    try {
        run(reader, std::move(token), result, stage);
    } catch (passing_exception const&) {  // none is
    } catch (...) {
        result.truncate(before);
        switch (stage) {
        case run_stage::calling:
            throw;
        case run_stage::decoding:
            rethrow_as_transport_error("the call could not be decoded");
        case run_stage::encoding:
            rethrow_as_transport_error("the result could not be encoded");
        }
    }
}

}  // namespace cofu::detail
