// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Stackful coroutines need <cofu/spawn.hpp> where Asio's own support is broken.

#include <boost/asio/version.hpp>

#include <type_traits>

namespace boost::asio {
template <typename Executor>
class basic_yield_context;
}

namespace cofu::detail {

// Defined by <cofu/spawn.hpp>.
template <class Executor>
struct stackful_support;

template <class Token>
struct is_stackful_ready : std::true_type {};

#if BOOST_ASIO_VERSION < 102700
template <class Executor>
    requires(!requires { sizeof(stackful_support<Executor>); })
struct is_stackful_ready<boost::asio::basic_yield_context<Executor>> : std::false_type {};

// Adapters, such as as_tuple_t<basic_yield_context<Executor>>.
template <template <class...> class Adapter, class Token, class... Rest>
    requires(!is_stackful_ready<Token>::value)
struct is_stackful_ready<Adapter<Token, Rest...>> : std::false_type {};
#endif

template <class Token>
constexpr void check_stackful()
{
    static_assert(is_stackful_ready<std::decay_t<Token>>::value,
                  "include <cofu/spawn.hpp>: before Boost 1.82 Asio's yield_context is broken for "
                  "operations that complete with an exception_ptr, and that header repairs it");
}

}  // namespace cofu::detail
