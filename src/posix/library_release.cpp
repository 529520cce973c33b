// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "library_release.hpp"

#include "../detail/frame.hpp"
#include "claim_page.hpp"
#include "launch_messages.hpp"

#include <cofu/config.hpp>

#include <cstring>

namespace cofu::detail {

namespace {

// All that must be the same on both sides of the socket and of the page.
struct release {
    char mark[8] = {'c', 'o', 'f', 'u', ' ', 'r', 'e', 'l'};
    std::uint32_t version = COFU_VERSION_MAJOR * 10'000 + COFU_VERSION_MINOR * 100 + COFU_VERSION_PATCH;
    std::uint32_t launch = launch_version << 24 | sizeof(launch_request);
    std::uint32_t frames = protocol_version << 24 | sizeof(void*);
    std::uint32_t page = sizeof(claim_page_layout);
    std::uint32_t compiler = __GNUC__ * 100 + __GNUC_MINOR__;
    std::uint32_t boost = BOOST_VERSION;
};
static_assert(sizeof(release) == sizeof(build_id));

}  // namespace

build_id library_release() noexcept
{
    release const ours;
    build_id id;
    std::memcpy(id.bytes.data(), &ours, sizeof ours);
    return id;
}

}  // namespace cofu::detail
