// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Pools as a list of types, and the same scenario for each of them.

#include "contender.hpp"

#include <string>
#include <type_traits>

namespace bench {

template <class... Pools>
struct pool_list {};

template <class... As, class... Bs>
constexpr pool_list<As..., Bs...> operator+(pool_list<As...>, pool_list<Bs...>)
{
    return {};
}

// A contender for each pool; measure(std::type_identity<Pool>()) is its outcome.
struct contenders {
    template <class... Pools, class Measure>
    contenders(std::string const& scenario, pool_list<Pools...>, Measure measure)
    {
        (contender(scenario + '/' + Pools::name,
                   [measure] { return measure(std::type_identity<Pools>()); }),
         ...);
    }
};

}  // namespace bench
