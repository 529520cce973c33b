// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/exception_text.hpp>

#include <cofu/error.hpp>

#include <boost/core/demangle.hpp>
#include <boost/thread/exceptions.hpp>

#include <cxxabi.h>

namespace cofu::detail {

std::string type_text(std::type_info const& type)
{
    return boost::core::demangle(type.name());
}

std::string exception_text(std::exception_ptr const& error)
{
    if (!error)
        return "no exception";
    try {
        std::rethrow_exception(error);
    } catch (std::exception const& e) {
        auto const* const origin = origin_of(e);
        return (origin ? origin->type_name() : type_text(typeid(e))) + ": " + e.what();
    } catch (...) {
        auto const* type = abi::__cxa_current_exception_type();
        return type ? type_text(*type) : std::string("an unknown exception");
    }
}

std::exception_ptr current_call_exception() noexcept
{
    try {
        throw;
    } catch (boost::thread_interrupted const&) {
        return std::make_exception_ptr(interrupted_call());
    } catch (...) {
        return std::current_exception();
    }
}

}  // namespace cofu::detail
