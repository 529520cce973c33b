// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// An exception on its way from a worker: its type's name, what it says, where it was thrown, what
// its type needs besides to be rebuilt, and the exceptions nested in it.

#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>
#include <cofu/config.hpp>

#include <exception>

namespace cofu::detail {

// So many exceptions nested in each other are sent; what is deeper is left out.
inline constexpr unsigned max_nested_exceptions = 16;

// In the worker. If even a short form can't be written (no memory, the writer's limit), nothing is.
COFU_DECL void encode_exception(byte_writer& writer, std::exception_ptr const& error) noexcept;

// In the parent; never null. Bytes that are no exception give a transport_error.
COFU_DECL std::exception_ptr decode_exception(byte_reader& reader) noexcept;

}  // namespace cofu::detail
