// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Which exceptions can be rebuilt, by the name of their type.

#include <cofu/detail/rebuilt_exception.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cofu::detail {

// The type that a person would name: without what std::throw_with_nested, BOOST_THROW_EXCEPTION and
// make_rebuilt wrap around it.
std::string exception_name(std::type_info const& type);

// Never destroyed: exceptions may cross in static destruction.
class exception_registry {
public:
    static exception_registry& instance();

    void keep(std::string name, exception_codec codec);
    std::optional<exception_codec> find(std::string const& name);

private:
    std::mutex mutex_;
    std::unordered_map<std::string, exception_codec> codecs_;  // under mutex_
};

// Those of the standard library, Boost and cofu.
void keep_known_exceptions(exception_registry& registry);

}  // namespace cofu::detail
