// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/pool_observer.hpp>

#include <cofu/detail/exception_text.hpp>

#include <cstdio>

namespace cofu {
namespace {

void print(char const* what, std::exception_ptr const& error) noexcept
try {
    std::fprintf(stderr, "cofu: %s: %s\n", what, detail::exception_text(error).c_str());
} catch (...) {
    std::fprintf(stderr, "cofu: %s\n", what);
}

}  // namespace

pool_observer::~pool_observer() = default;

void pool_observer::callback_failed(std::exception_ptr error) noexcept
{
    print("a callback threw, the others still run", error);
}

void pool_observer::handler_lost(std::exception_ptr error) noexcept
{
    print("a handler's executor threw, the handler was not run", error);
}

}  // namespace cofu
