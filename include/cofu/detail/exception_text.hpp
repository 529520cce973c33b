// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// An exception as text: its type and what it says.

#include <cofu/config.hpp>
#include <cofu/error.hpp>

#include <exception>
#include <string>
#include <typeinfo>

namespace cofu::detail {

// "std::out_of_range: what", or the type alone where it is no std::exception.
COFU_DECL std::string exception_text(std::exception_ptr const& error);

// A type's name as a person writes it.
COFU_DECL std::string type_text(std::type_info const& type);

// How a call that left by boost::thread_interrupted ends.
class BOOST_SYMBOL_VISIBLE interrupted_call : public cancelled_error {};

// The exception that is being handled, as a call ends by it: an interruption is an interrupted_call.
COFU_DECL std::exception_ptr current_call_exception() noexcept;

}  // namespace cofu::detail
