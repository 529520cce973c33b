// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "detail/exception_registry.hpp"

#include <cofu/detail/exception_text.hpp>

#include <memory>
#include <utility>

namespace cofu::detail {
namespace {

// Of libstdc++, libc++, Boost (two generations) and ours.
constexpr std::string_view wrappers[] = {
    "std::_Nested_exception<",
    "std::__1::__nested<",
    "boost::wrapexcept<",
    "boost::exception_detail::clone_impl<",
    "boost::exception_detail::error_info_injector<",
    "cofu::detail::rebuilt<",
    "cofu::detail::rebuilt_nested<"};

bool unwrap(std::string_view& name)
{
    for (auto const wrapper : wrappers)
        if (name.starts_with(wrapper) && name.ends_with('>')) {
            name.remove_prefix(wrapper.size());
            name.remove_suffix(1);
            while (name.ends_with(' '))
                name.remove_suffix(1);
            return true;
        }
    return false;
}

}  // namespace

std::string exception_name(std::type_info const& type)
{
    std::string const whole = type_text(type);
    std::string_view name = whole;
    while (unwrap(name)) {
    }
    return std::string(name);
}

exception_registry& exception_registry::instance()
{
    static auto* const registry = [] {
        auto made = std::make_unique<exception_registry>();
        keep_known_exceptions(*made);
        return made.release();
    }();
    return *registry;
}

void exception_registry::keep(std::string name, exception_codec codec)
{
    std::lock_guard const lock(mutex_);
    codecs_.insert_or_assign(std::move(name), codec);
}

std::optional<exception_codec> exception_registry::find(std::string const& name)
{
    std::lock_guard const lock(mutex_);
    auto const found = codecs_.find(name);
    return found == codecs_.end() ? std::nullopt : std::optional(found->second);
}

void keep_exception_codec(std::type_info const& type, exception_codec codec)
{
    exception_registry::instance().keep(exception_name(type), codec);
}

}  // namespace cofu::detail
