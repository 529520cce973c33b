// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A worker that runs remote calls.

#include "../posix/build_id.hpp"
#include "../posix/library_release.hpp"
#include "../posix/stack_capture.hpp"
#include "frame_reader.hpp"
#include "thrown_stacks.hpp"
#include "worker_loop.hpp"
#include "yield_until.hpp"

#include <cofu/byte_writer.hpp>
#include <cofu/detail/remote_call.hpp>
#include <cofu/detail/remote_exception.hpp>
#include <cofu/error.hpp>

#include <memory>
#include <new>
#include <string>

namespace cofu::detail {

namespace {

// The answer that is being sent; one call runs at a time.
constinit std::unique_ptr<byte_writer> answer_bytes;

call_answer failure(char const* what) noexcept
{
    static std::string text;
    try {
        text = what;
    } catch (...) {
        return {frame_type::transport_failure, {}};
    }
    return {frame_type::transport_failure, std::as_bytes(std::span(text))};
}

call_answer run_remote_call(std::span<std::byte const> call, std::stop_token token,
                            std::uint64_t max_message) noexcept
{
    answer_bytes.reset();  // a large answer does not stay
    answer_bytes.reset(new (std::nothrow) byte_writer(max_message));
    if (!answer_bytes)
        return failure("the worker is out of memory");
    auto& result = *answer_bytes;
    try {
        run_encoded_call(call, std::move(token), result);
        return {frame_type::value, result.bytes()};
    } catch (transport_error const& e) {
        forget_thrown_stacks();
        return failure(e.what());
    } catch (...) {
        result.clear();
        encode_exception(result, std::current_exception());
        forget_thrown_stacks();
        return {frame_type::exception, result.bytes()};
    }
}

}  // namespace

std::string own_build()
{
    auto const build = build_id_of_this_library(), release = library_release();
    std::string both(build.bytes.begin(), build.bytes.end());
    return both.append(release.bytes.begin(), release.bytes.end());
}

bool is_fitting_build(std::string_view said, bool is_own_program)
{
    auto const own = own_build();
    return is_own_program ? said == own
                          : said.size() == own.size()
                                && said.substr(own.size() / 2) == own.substr(own.size() / 2);
}

void rehearse_a_call() noexcept
{
    try {
        prepare_stack_capture();
        byte_writer call;
        encode_call(call, [] {});
        frame_reader const buffer(frame_side::worker, 0);
        run_remote_call(call.bytes(), {}, call.size());
        yield_until([] { return true; });
        own_build();
    } catch (...) {
        // A worker meets it again, and can say so.
    }
}

int run_worker(worker_endpoint endpoint)
{
    keep_thrown_stacks();
    return run_worker(std::move(endpoint), &run_remote_call, own_build());
}

}  // namespace cofu::detail
